/**
 * How long to wait after attempt `attempt` has failed: `minDelayMs * factor^(attempt - 1)`, at most
 * `maxDelayMs`, less a random part of up to half, so that jobs which fail together are not retried
 * together.
 */
export function backoffMs(
  attempt: number,
  retry: { minDelayMs: number; maxDelayMs: number; factor?: number },
  random: () => number = Math.random,
): number {
  const whole = Math.min(retry.maxDelayMs, retry.minDelayMs * (retry.factor ?? 3) ** (attempt - 1));
  return Math.round(whole * (1 - random() / 2));
}
