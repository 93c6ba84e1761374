const MAX_MS = 86_400_000;

/** Converts a `Retry-After` header (seconds or a date) to milliseconds. The maximum is one day. */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  const text = header?.trim() ?? "";
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.round(Math.min(Math.max(ms, 0), MAX_MS));
}
