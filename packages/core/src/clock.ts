/** Milliseconds since some fixed point. */
export type Clock = () => number;

/** Wall time: when did it happen. */
export const wallClock: Clock = () => Date.now();

/** Monotonic time: how long did it take. Immune to a host whose date is set. */
export const monotonicClock: Clock = () => performance.now();

/** What `setTimeout` can hold; anything longer it takes for no time at all. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Runs `callback` once after `delayMs`; never keeps a process alive. Returns what cancels it. */
export function timer(delayMs: number, callback: () => void): () => void {
  const handle: unknown = setTimeout(callback, Math.min(Math.max(delayMs, 0), LONGEST_TIMER_MS));
  (handle as { unref?(): void }).unref?.();
  return () => clearTimeout(handle as number);
}
