import type { JobRecord, Lease, Source } from "@abstrakt-webhooks/core";
import { isLeaseLost } from "@abstrakt-webhooks/core/store";

/** One job. Rows are never changed, only replaced. Times in milliseconds since the epoch. */
export interface Row {
  readonly jobId: string;
  readonly state: "pending" | "leased" | "done" | "dead";
  /** Absent if the payload was not recognised. Then the next result replaces the payload. */
  readonly fingerprint?: string | undefined;
  readonly payload: string;
  readonly source: Source;
  readonly binding?: string | undefined;
  readonly fence: number;
  readonly attempts: number;
  readonly conflicts: number;
  readonly receivedAtMs: number;
  /** When a pending row may be claimed, or when the lease of a leased row ends. */
  readonly dueAtMs: number;
  readonly settledAtMs?: number | undefined;
  readonly error?: string | undefined;
}

export const isFinished = (row: Row): boolean => row.state === "done" || row.state === "dead";

export const toLease = (row: Row): Lease => ({
  jobId: row.jobId,
  fence: row.fence,
  attempt: row.attempts,
  payload: row.payload,
  source: row.source,
  receivedAtMs: row.receivedAtMs,
  ...(row.fingerprint !== undefined && { fingerprint: row.fingerprint }),
  ...(row.binding !== undefined && { binding: row.binding }),
  ...(isLeaseLost(row.error) && { lost: true }),
});

export const toRecord = (row: Row, nowMs: number): JobRecord => ({
  jobId: row.jobId,
  state: row.state,
  attempts: row.attempts,
  fence: row.fence,
  conflicts: row.conflicts,
  source: row.source,
  payload: row.payload,
  receivedAtMs: row.receivedAtMs,
  ...(!isFinished(row) && { dueInMs: row.dueAtMs - nowMs }),
  ...(row.binding !== undefined && { binding: row.binding }),
  ...(row.error !== undefined && { error: row.error }),
  ...(row.settledAtMs !== undefined && { settledAtMs: row.settledAtMs }),
});
