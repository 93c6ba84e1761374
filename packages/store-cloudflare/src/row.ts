import type { JobRecord, JobState, Lease, PollLease, Source } from "@abstrakt-webhooks/core";

/** A row as SQLite gives it; numbers may be bigints where the user has asked the driver for them. */
export interface Row {
  readonly job_id: string;
  readonly state: JobState;
  readonly fingerprint: string | null;
  readonly payload: string | null;
  readonly source: Source | null;
  readonly binding: string | null;
  readonly error: string | null;
  readonly fence: number | bigint;
  readonly attempts: number | bigint;
  readonly polls: number | bigint;
  readonly conflicts: number | bigint;
  readonly expected: number | bigint;
  readonly due_at: number | bigint | null;
  readonly received_at: number | bigint | null;
  readonly settled_at: number | bigint | null;
  readonly give_up_at: number | bigint | null;
}

export type LeasedRow = Pick<
  Row,
  | "job_id"
  | "fence"
  | "attempts"
  | "payload"
  | "source"
  | "received_at"
  | "binding"
  | "fingerprint"
  | "expected"
> &
  Partial<Pick<Row, "error">>;

export const toLease = (row: LeasedRow): Lease => ({
  jobId: row.job_id,
  fence: Number(row.fence),
  attempt: Number(row.attempts),
  payload: row.payload ?? "",
  source: row.source ?? "webhook",
  receivedAtMs: Number(row.received_at),
  ...(row.binding !== null && { binding: row.binding }),
  ...(row.fingerprint !== null && { fingerprint: row.fingerprint }),
  ...(Number(row.expected) === 1 && { expected: true }),
  ...(row.error === "lease_lost" && { lost: true }),
});

export const toPollLease = (row: Row, nowMs: number): PollLease => ({
  jobId: row.job_id,
  fence: Number(row.fence),
  polls: Number(row.polls),
  overdue: row.give_up_at !== null && nowMs >= row.give_up_at,
  ...(row.binding !== null && { binding: row.binding }),
});

export const toRecord = (row: Row, nowMs: number): JobRecord => ({
  jobId: row.job_id,
  state: row.state,
  attempts: Number(row.attempts),
  fence: Number(row.fence),
  conflicts: Number(row.conflicts),
  ...(row.source !== null && { source: row.source }),
  ...(row.binding !== null && { binding: row.binding }),
  ...(row.payload !== null && { payload: row.payload }),
  ...(row.error !== null && { error: row.error }),
  ...(row.received_at !== null && { receivedAtMs: Number(row.received_at) }),
  ...(row.due_at !== null && { dueInMs: Number(row.due_at) - nowMs }),
  ...(row.settled_at !== null && { settledAtMs: Number(row.settled_at) }),
});
