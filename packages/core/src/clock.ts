import { hostGlobal, isFake } from "./host-globals.ts";

/** Milliseconds since some fixed point. */
export type Clock = () => number;

/** Wall time, for points in time. */
export const wallClock: Clock = () => Date.now();

/**
 * Monotonic time, for durations. A change of the host's date does not affect it. It goes on where it
 * was when a test fakes the host's clock or restores it, although these two clocks differ by as much
 * as the process has run.
 */
export const monotonicClock: Clock = () => {
  let source: unknown;
  let readMs: number;
  try {
    // On Node, each look-up of the global `performance` calls a getter.
    const host = performance;
    source = host.now;
    readMs = host.now();
  } catch {
    readMs = Date.now();
  }
  if (source !== lastSource) {
    lastSource = source;
    offsetMs = lastMs - readMs;
  }
  lastMs = readMs + offsetMs;
  return lastMs;
};

let lastSource: unknown;
let lastMs = 0;
let offsetMs = 0;

/** The longest delay of `setTimeout`; it fires at once when the delay is longer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

type SetTimeout = (callback: () => void, delayMs: number) => unknown;
type ClearTimeout = (handle: unknown) => void;

/**
 * Runs `callback` once after `delayMs`. Does not keep the process alive. Returns a function that
 * cancels the timer. Never throws: a host without timers runs the callback once it has them.
 */
export const timer = (delayMs: number, callback: () => void): (() => void) =>
  set(delayMs, callback, false);

/** `timer`, but it keeps the process alive, because a caller waits for it. */
export const lastingTimer = (delayMs: number, callback: () => void): (() => void) =>
  set(delayMs, callback, true);

/** Settles as `work` does, or resolves to `undefined` when `deadline` expires first. */
export async function within<T>(
  deadline: (expire: () => void) => () => void,
  work: Promise<T>,
): Promise<T | undefined> {
  let cancel = (): void => undefined;
  const late = new Promise<undefined>((resolve) => {
    cancel = deadline(() => resolve(undefined));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    cancel();
  }
}

/** A timer that may never fire, because a test has faked it or the host had none. */
interface DoubtfulTimer {
  /** The `setTimeout` that set it. */
  setBy: SetTimeout | undefined;
  setAgain(): void;
}

const doubtfulTimers = new Set<DoubtfulTimer>();

/** Sets faked timers again, with their whole delay, once the host's real `setTimeout` is back. */
export function renewTimers(): void {
  if (doubtfulTimers.size === 0) return;
  const setTimeout = hostGlobal("setTimeout") as SetTimeout | undefined;
  if (setTimeout === undefined || isFake(setTimeout)) return;
  for (const doubtful of doubtfulTimers) {
    if (doubtful.setBy !== setTimeout) doubtful.setAgain();
  }
}

function set(delayMs: number, callback: () => void, keepsAlive: boolean): () => void {
  const setTimeout = hostGlobal("setTimeout") as SetTimeout | undefined;
  const isSound = setTimeout !== undefined && !isFake(setTimeout);
  return (
    (isSound ? ask(setTimeout, delayMs, callback, keepsAlive) : undefined) ??
    setDoubtful(delayMs, callback, keepsAlive)
  );
}

/** Sets one timer; `undefined` when the host refuses. */
function ask(
  setTimeout: SetTimeout,
  delayMs: number,
  callback: () => void,
  keepsAlive: boolean,
): (() => void) | undefined {
  try {
    // Read at the same time as `setTimeout`, because another `clearTimeout` does not know the
    // handle.
    const clearTimeout = hostGlobal("clearTimeout") as ClearTimeout | undefined;
    const handle = setTimeout(callback, Math.min(Math.max(delayMs, 0), MAX_TIMER_MS));
    if (!keepsAlive) (handle as { unref?(): void } | undefined)?.unref?.();
    return () => clearTimeout?.(handle);
  } catch {
    return undefined;
  }
}

function setDoubtful(delayMs: number, callback: () => void, keepsAlive: boolean): () => void {
  let cancel: (() => void) | undefined;
  const fire = (): void => {
    end();
    callback();
  };
  const end = (): void => {
    doubtfulTimers.delete(doubtful);
    cancel?.();
  };
  const doubtful: DoubtfulTimer = {
    setBy: undefined,
    setAgain() {
      cancel?.();
      const setTimeout = hostGlobal("setTimeout") as SetTimeout | undefined;
      doubtful.setBy = setTimeout;
      cancel = setTimeout && ask(setTimeout, delayMs, fire, keepsAlive);
      if (cancel !== undefined && setTimeout && !isFake(setTimeout)) {
        doubtfulTimers.delete(doubtful);
      }
    },
  };
  doubtfulTimers.add(doubtful);
  doubtful.setAgain();
  return end;
}
