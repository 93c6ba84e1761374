/** Runs `callback` once after `delayMs`; never keeps a process alive. Returns what cancels it. */
export function timer(delayMs: number, callback: () => void): () => void {
  const handle: unknown = setTimeout(callback, delayMs);
  (handle as { unref?(): void }).unref?.();
  return () => clearTimeout(handle as number);
}
