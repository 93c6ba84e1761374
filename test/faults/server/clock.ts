/** Puts this process's wall clock forward, as a host whose clock is wrong has it. */
export function putClockForward(aheadMs: number): void {
  const now = Date.now.bind(Date);
  Date.now = () => now() + aheadMs;
}
