/** Sets this process's wall clock forward, as on a host with a wrong clock. */
export function putClockForward(aheadMs: number): void {
  const now = Date.now.bind(Date);
  Date.now = () => now() + aheadMs;
}
