/** A command that is silent for so long may be so for ever, as on a half-open connection. */
export const SILENT_MS = 5_000;

/** Runs `callback` once after `delayMs`; never keeps a process alive. Returns what cancels it. */
export function timer(delayMs: number, callback: () => void): () => void {
  const handle: unknown = setTimeout(callback, delayMs);
  (handle as { unref?(): void }).unref?.();
  return () => clearTimeout(handle as number);
}

/**
 * Runs `callback` when all that came in this turn of the event loop has been looked at. A microtask
 * would run before the next socket is read; where there is nothing better it has to do.
 */
export const endOfTurn = (callback: () => void): void => {
  const { setImmediate = queueMicrotask } = globalThis as {
    setImmediate?: (callback: () => void) => unknown;
  };
  setImmediate(callback);
};
