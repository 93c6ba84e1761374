import { monotonicClock, renewTimers, timer } from "./clock.ts";
import { hostGlobal } from "./host-globals.ts";

/** Runs `expire` when the time is over. Returns a function that cancels this. */
export type Deadline = (expire: () => void) => () => void;

interface Wait {
  atMs: number;
  readonly expire: () => void;
  previous: Wait | undefined;
  next: Wait | undefined;
}

/**
 * Deadlines with the same `delayMs` share one timer. Nearly all of them are cancelled, and on Node
 * a timer for each delivery costs more than parsing it. `inOwnContext` sets the timer, because it
 * serves many requests.
 */
export function createDeadline(
  delayMs: number,
  inOwnContext: (callback: () => void) => void = (callback) => callback(),
): Deadline {
  // On Workers a timer ends with the request that set it, so each request sets its own.
  if (isOnWorkers()) return (expire) => timer(delayMs, expire);
  // A linked list of the waits, the earliest deadline first.
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
    // The clock goes back when a test fakes it or restores the real one.
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
