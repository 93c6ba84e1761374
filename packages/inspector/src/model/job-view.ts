import type { JobRecord, JobState } from "@abstrakt-webhooks/core";
import type { Trace } from "./trace.ts";

/** One job on the page. Its data come from the row and from the events that this process saw. */
export interface JobView {
  readonly jobId: string;
  readonly state: JobState;
  readonly ref?: string | undefined;
  readonly type?: string | undefined;
  readonly source?: string | undefined;
  readonly attempts: number;
  /** Duplicates that this process has seen. */
  readonly duplicates: number;
  readonly conflicts: number;
  readonly ackMs?: number | undefined;
  readonly error?: string | undefined;
  readonly receivedAtMs?: number | undefined;
  readonly settledAtMs?: number | undefined;
  readonly dueInMs?: number | undefined;
  /** The earliest known time of the job, or 0. The mixed table is sorted by it. */
  readonly firstMs: number;
}

/** Combines a row and its trace. Either may be absent. The row's values have priority. */
export function toJobView(
  jobId: string,
  record: JobRecord | undefined,
  trace: Trace | undefined,
  type: string | undefined,
): JobView {
  const times = [trace?.firstMs, record?.receivedAtMs, record?.settledAtMs];
  const known = times.filter((time) => time !== undefined);
  return {
    jobId,
    type,
    state: record?.state ?? trace?.state ?? "expected",
    ref: trace?.ref ?? record?.ref,
    source: record?.source,
    attempts: record?.attempts ?? trace?.attempts ?? 0,
    duplicates: trace?.duplicates ?? 0,
    conflicts: Math.max(record?.conflicts ?? 0, trace?.conflicts ?? 0),
    ackMs: trace?.ackMs,
    error: errorOf(record, trace),
    receivedAtMs: record?.receivedAtMs,
    settledAtMs: record?.settledAtMs,
    dueInMs: record?.dueInMs,
    firstMs: known.length === 0 ? 0 : Math.min(...known),
  };
}

/** A done job has no error, even if an earlier attempt failed. */
function errorOf(record: JobRecord | undefined, trace: Trace | undefined): string | undefined {
  if (record?.state === "done") return undefined;
  return record?.error ?? trace?.error;
}

/** Whether a person should look at the job. */
export const needsPerson = ({ state, conflicts }: JobView): boolean =>
  state === "dead" || conflicts > 0;
