import { parsePayload, type JobRecord } from "@abstrakt-webhooks/core";

/** Remembers the output type of each job, so that its payload is read only once. */
export interface OutputTypes {
  /** For example `image`. `failed` for a failed job. */
  of(jobId: string): string | undefined;
  /** Whether the types of all these jobs are known. */
  know(records: readonly JobRecord[]): boolean;
  learn(records: readonly JobRecord[]): void;
}

const MAX_REMEMBERED = 5_000;

export function createOutputTypes(): OutputTypes {
  const types = new Map<string, string | undefined>();
  return {
    of: (jobId) => types.get(jobId),
    know: (records) => records.every((record) => !hasResult(record) || types.has(record.jobId)),
    learn(records) {
      if (types.size > MAX_REMEMBERED) types.clear();
      for (const record of records) if (hasResult(record)) types.set(record.jobId, typeOf(record));
    },
  };
}

/** An expected job has no result yet. */
const hasResult = ({ state }: JobRecord): boolean => state !== "expected";

function typeOf({ payload }: JobRecord): string | undefined {
  if (payload === undefined) return undefined;
  try {
    const parsed = parsePayload(JSON.parse(payload));
    if (parsed.kind !== "result") return undefined;
    return parsed.result.status === "failed" ? "failed" : parsed.result.output.type;
  } catch {
    return undefined;
  }
}
