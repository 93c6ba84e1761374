import { monotonicClock, timer } from "./clock.ts";

/** Runs `expire` when the time is over, unless what it returns is called before. */
export type Deadline = (expire: () => void) => () => void;

interface Wait {
  readonly atMs: number;
  readonly expire: () => void;
}

/**
 * Deadlines that are all `delayMs` away share one timer: nearly every one of them is cancelled,
 * and on Node a timer of its own costs a delivery more than parsing it.
 */
export function createDeadline(delayMs: number): Deadline {
  // On Workers a timer ends with the request that has set it, so there everybody sets his own.
  if (isOnWorkers()) return (expire) => timer(delayMs, expire);
  const waits = new Set<Wait>();
  let armed = false;

  const arm = (inMs: number): void => {
    armed = true;
    timer(inMs, sweep);
  };
  const sweep = (): void => {
    const nowMs = monotonicClock();
    const over: Wait[] = [];
    let next: Wait | undefined;
    for (const wait of waits) {
      next = wait;
      if (wait.atMs > nowMs) break;
      over.push(wait);
      waits.delete(wait);
      next = undefined;
    }
    armed = false;
    if (next !== undefined) arm(next.atMs - nowMs);
    for (const wait of over) wait.expire();
  };
  return (expire) => {
    const wait = { atMs: monotonicClock() + delayMs, expire };
    waits.add(wait);
    if (!armed) arm(delayMs);
    return () => void waits.delete(wait);
  };
}

const isOnWorkers = (): boolean =>
  (globalThis as { navigator?: { userAgent?: string } }).navigator?.userAgent ===
  "Cloudflare-Workers";
