import { monotonicClock, renewTimers, timer } from "./clock.ts";
import { hostGlobal } from "./host.ts";

/** Runs `expire` when the time is over, unless what it returns is called before. */
export type Deadline = (expire: () => void) => () => void;

interface Wait {
  atMs: number;
  readonly expire: () => void;
  previous: Wait | undefined;
  next: Wait | undefined;
}

/**
 * Deadlines that are all `delayMs` away share one timer: nearly every one of them is cancelled,
 * and on Node a timer of its own costs a delivery more than parsing it. `inOwnContext` sets it,
 * since it ends the waits of many requests.
 */
export function createDeadline(
  delayMs: number,
  inOwnContext: (callback: () => void) => void = (callback) => callback(),
): Deadline {
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
    inOwnContext(() => void timer(inMs, sweep));
  };
  const sweep = (): void => {
    const nowMs = monotonicClock();
    const over: Wait[] = [];
    while (first !== undefined && first.atMs <= nowMs) {
      over.push(first);
      remove(first);
    }
    armed = first !== undefined;
    if (first !== undefined) arm(Math.min(first.atMs - nowMs, delayMs));
    for (const wait of over) wait.expire();
  };
  return (expire) => {
    renewTimers();
    const atMs = monotonicClock() + delayMs;
    // The clock goes back where a test fakes it, or puts the host's own in place again.
    for (let wait = last; wait !== undefined && wait.atMs > atMs; wait = wait.previous) {
      wait.atMs = atMs;
    }
    const wait: Wait = { atMs, expire, previous: last, next: undefined };
    if (last) last.next = wait;
    else first = wait;
    last = wait;
    if (!armed) arm(delayMs);
    return () => remove(wait);
  };
}

const isOnWorkers = (): boolean =>
  (hostGlobal("navigator") as { userAgent?: string } | undefined)?.userAgent ===
  "Cloudflare-Workers";
