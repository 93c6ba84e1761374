import type { JobRecord, JobState } from "@abstrakt-webhooks/core";
import type { Trace } from "./trace.ts";

/** One job as the page shows it: its row and what this process has seen of it. */
export interface JobView {
  readonly jobId: string;
  readonly state: JobState;
  readonly ref?: string | undefined;
  readonly type?: string | undefined;
  readonly source?: string | undefined;
  readonly attempts: number;
  /** Repeats that this process has seen. */
  readonly duplicates: number;
  readonly conflicts: number;
  readonly ackMs?: number | undefined;
  readonly error?: string | undefined;
  readonly receivedAtMs?: number | undefined;
  readonly settledAtMs?: number | undefined;
  readonly dueInMs?: number | undefined;
  /** When it was first known, 0 where nobody can tell: rows keep their places by it. */
  readonly firstMs: number;
}

/** Puts a row and its trace together; either may be absent. The row decides where both speak. */
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

/** A done job's last error is history. */
function errorOf(record: JobRecord | undefined, trace: Trace | undefined): string | undefined {
  if (record?.state === "done") return undefined;
  return record?.error ?? trace?.error;
}

/** Whether a person should look at it. */
export const needsPerson = ({ state, conflicts }: JobView): boolean =>
  state === "dead" || conflicts > 0;
