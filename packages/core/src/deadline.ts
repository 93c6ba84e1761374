import { monotonicClock, timer } from "./clock.ts";

/** Runs `expire` when the time is over, unless what it returns is called before. */
export type Deadline = (expire: () => void) => () => void;

interface Wait {
  readonly atMs: number;
  readonly expire: () => void;
  previous: Wait | undefined;
  next: Wait | undefined;
}

/**
 * Deadlines that are all `delayMs` away share one timer: nearly every one of them is cancelled,
 * and on Node a timer of its own costs a delivery more than parsing it.
 */
export function createDeadline(delayMs: number): Deadline {
  // On Workers a timer ends with the request that has set it, so there everybody sets his own.
  if (isOnWorkers()) return (expire) => timer(delayMs, expire);
  // A list through the waits themselves, the longest waiting first.
  let first: Wait | undefined;
  let last: Wait | undefined;
  let armed = false;

  const remove = (wait: Wait): void => {
    if (wait.previous) wait.previous.next = wait.next;
    else if (first === wait) first = wait.next;
    else return;
    if (wait.next) wait.next.previous = wait.previous;
    else last = wait.previous;
    wait.previous = wait.next = undefined;
  };

  const arm = (inMs: number): void => {
    armed = true;
    timer(inMs, sweep);
  };
  const sweep = (): void => {
    const nowMs = monotonicClock();
    const over: Wait[] = [];
    while (first !== undefined && first.atMs <= nowMs) {
      over.push(first);
      remove(first);
    }
    armed = first !== undefined;
    if (first !== undefined) arm(first.atMs - nowMs);
    for (const wait of over) wait.expire();
  };
  return (expire) => {
    const wait: Wait = {
      atMs: monotonicClock() + delayMs,
      expire,
      previous: last,
      next: undefined,
    };
    if (last) last.next = wait;
    else first = wait;
    last = wait;
    if (!armed) arm(delayMs);
    return () => remove(wait);
  };
}

const isOnWorkers = (): boolean =>
  (globalThis as { navigator?: { userAgent?: string } }).navigator?.userAgent ===
  "Cloudflare-Workers";
