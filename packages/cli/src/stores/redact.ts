import { redactUrl, type JobRecord } from "@abstrakt-webhooks/core";

const HIDDEN = "[redacted]";

/** Texts of a payload that say what happened, not what was made or for whom. */
const SHOWN = ["job_id", "status", "type", "code", "completed_at"];

/** A record whose payload and binding are fit to be shown; `reveal` leaves it as it is. */
export function redactRecord(record: JobRecord, reveal: boolean): JobRecord {
  if (reveal) return record;
  const { payload, binding, ...rest } = record;
  return {
    ...rest,
    ...(binding !== undefined && { binding: HIDDEN }),
    ...(payload !== undefined && { payload: redactPayload(payload) }),
  };
}

/** A payload's JSON: of URLs the query is hidden, other texts that are not known are hidden whole. */
function redactPayload(payload: string): string {
  try {
    return JSON.stringify(JSON.parse(payload), (key: string, value: unknown) => {
      if (typeof value !== "string" || SHOWN.includes(key)) return value;
      return /^https?:/i.test(value) ? redactUrl(value) : HIDDEN;
    });
  } catch {
    return HIDDEN;
  }
}
