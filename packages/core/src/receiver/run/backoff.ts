/**
 * The delay after a failed attempt: `minDelayMs * factor^(attempt - 1)`, at most `maxDelayMs`. It
 * is shortened by a random part of up to half, so that jobs that fail together are not retried
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
