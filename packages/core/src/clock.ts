/** Milliseconds since some fixed point. */
export type Clock = () => number;

/** Wall time: when did it happen. */
export const wallClock: Clock = () => Date.now();

/** Monotonic time: how long did it take. Immune to a host whose date is set. */
export const monotonicClock: Clock = () => performance.now();

/** What `setTimeout` can hold; anything longer it takes for no time at all. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Runs `callback` once after `delayMs`; never keeps a process alive. Returns what cancels it. */
export function timer(delayMs: number, callback: () => void): () => void {
  const handle = set(delayMs, callback);
  (handle as { unref?(): void }).unref?.();
  return () => clearTimeout(handle as number);
}

/** The same where somebody waits for it, so that the process lives until then. */
export function lastingTimer(delayMs: number, callback: () => void): () => void {
  const handle = set(delayMs, callback);
  return () => clearTimeout(handle as number);
}

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

const set = (delayMs: number, callback: () => void): unknown =>
  setTimeout(callback, Math.min(Math.max(delayMs, 0), LONGEST_TIMER_MS));

/** Runs `callback` in the next turn of the event loop. No process ends before it, as with the unref'd `timer`. */
export const nextTurn: (callback: () => void) => void =
  (globalThis as { setImmediate?: (callback: () => void) => void }).setImmediate ??
  ((callback) => void setTimeout(callback, 0));

/**
 * Runs `callback` once everything that arrived in this turn of the event loop has been read. Without
 * `setImmediate` it runs in a microtask, before the next socket is read: a timer would be slower.
 */
export const endOfTurn = (callback: () => void): void => {
  const { setImmediate = queueMicrotask } = globalThis as {
    setImmediate?: (callback: () => void) => unknown;
  };
  setImmediate(callback);
};
