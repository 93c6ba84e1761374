import { redactUrl, type JobRecord } from "@abstrakt-webhooks/core";

const HIDDEN = "[redacted]";

/** The keys whose texts are shown. */
const SHOWN = ["job_id", "status", "type", "code", "completed_at"];

/** Hides the secrets and the user's data in a record. With `reveal` it hides nothing. */
export function redactRecord(record: JobRecord, reveal: boolean): JobRecord {
  if (reveal) return record;
  const { payload, binding, ...rest } = record;
  return {
    ...rest,
    ...(binding !== undefined && { binding: HIDDEN }),
    ...(payload !== undefined && { payload: redactPayload(payload) }),
  };
}

/** Hides the queries of URLs, and every other text whose key is not in the list. */
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
