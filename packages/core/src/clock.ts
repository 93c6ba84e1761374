import { hostGlobal, isFake } from "./host.ts";

/** Milliseconds since some fixed point. */
export type Clock = () => number;

/** Wall time: when did it happen. */
export const wallClock: Clock = () => Date.now();

/** Monotonic time: how long did it take. Immune to a host whose date is set. */
export const monotonicClock: Clock = () => {
  try {
    return performance.now();
  } catch {
    return Date.now();
  }
};

/** What `setTimeout` can hold; anything longer it takes for no time at all. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

type SetTimeout = (callback: () => void, delayMs: number) => unknown;
type ClearTimeout = (handle: unknown) => void;

/**
 * Runs `callback` once after `delayMs`; never keeps a process alive. Returns what cancels it. Never
 * throws: where the host has no timers, the callback waits until it has some.
 */
export const timer = (delayMs: number, callback: () => void): (() => void) =>
  set(delayMs, callback, false);

/** The same where somebody waits for it, so that the process lives until then. */
export const lastingTimer = (delayMs: number, callback: () => void): (() => void) =>
  set(delayMs, callback, true);

/** What some work comes to, or undefined when `deadline` is over before. */
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

/** A timer that may never fire: a test has faked it, or the host had none. */
interface DoubtfulTimer {
  /** The host's `setTimeout` when it was set. */
  setBy: SetTimeout | undefined;
  setAgain(): void;
}

const doubtfulTimers = new Set<DoubtfulTimer>();

/** Sets again, for all of their time, timers that a test may have faked, once the host's own are back. */
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

/** `undefined` where the host refuses. */
function ask(
  setTimeout: SetTimeout,
  delayMs: number,
  callback: () => void,
  keepsAlive: boolean,
): (() => void) | undefined {
  try {
    // Together with what sets it: another `clearTimeout` does not know the handle.
    const clearTimeout = hostGlobal("clearTimeout") as ClearTimeout | undefined;
    const handle = setTimeout(callback, Math.min(Math.max(delayMs, 0), LONGEST_TIMER_MS));
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
