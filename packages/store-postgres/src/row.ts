import type { JobRecord, JobState, Lease, PollLease, Source } from "@abstrakt-webhooks/core";

/** A number as drivers return it. Some drivers return wide integers and numerics as strings. */
type Num = number | string;

/** The columns of a lease that an ingest reads back, named as in `sql/columns.ts`. */
export interface LeaseRow {
  readonly id: string;
  readonly fence: Num;
  readonly attempts: Num;
  readonly binding: string | null;
  readonly fingerprint: string | null;
  readonly expected: boolean;
  readonly received: Num | null;
  readonly lost?: boolean | null;
}

/** The other columns of a lease, which an ingest does not read back. */
interface DeliveryColumns {
  readonly payload: string | null;
  readonly source: string | null;
}

/** A row of a claim. */
export type ClaimRow = LeaseRow & DeliveryColumns;

/** A row of a poll claim. */
export interface PollRow {
  readonly id: string;
  readonly fence: Num;
  readonly polls: Num;
  readonly binding: string | null;
  readonly overdue: boolean;
}

/** A row as `get` and `list` select it. */
export interface RecordRow {
  readonly id: string;
  readonly state: JobState;
  readonly fence: Num;
  readonly attempts: Num;
  readonly conflicts: Num;
  readonly source: string | null;
  readonly binding: string | null;
  readonly payload: string | null;
  readonly error: string | null;
  readonly received: Num | null;
  readonly due: Num | null;
  readonly settled: Num | null;
}

/** A row of a list. */
export type ListRow = RecordRow & { readonly at: Num };

/** Removes the `=` that `idOf` puts before the id. */
export const toJobId = (id: string): string => id.slice(1);

export const toLease = (row: LeaseRow, { payload, source }: DeliveryColumns): Lease => ({
  jobId: toJobId(row.id),
  fence: Number(row.fence),
  attempt: Number(row.attempts),
  payload: payload ?? "",
  source: (source ?? "webhook") as Source,
  receivedAtMs: Number(row.received ?? 0),
  ...(row.binding !== null && { binding: row.binding }),
  ...(row.fingerprint !== null && { fingerprint: row.fingerprint }),
  ...(row.expected && { expected: true }),
  ...(row.lost && { lost: true }),
});

export const toPollLease = (row: PollRow): PollLease => ({
  jobId: toJobId(row.id),
  fence: Number(row.fence),
  polls: Number(row.polls),
  overdue: row.overdue,
  ...(row.binding !== null && { binding: row.binding }),
});

export const toRecord = (row: RecordRow): JobRecord => ({
  jobId: toJobId(row.id),
  state: row.state,
  attempts: Number(row.attempts),
  fence: Number(row.fence),
  conflicts: Number(row.conflicts),
  ...(row.source !== null && { source: row.source as Source }),
  ...(row.binding !== null && { binding: row.binding }),
  ...(row.payload !== null && { payload: row.payload }),
  ...(row.error !== null && { error: row.error }),
  ...(row.received !== null && { receivedAtMs: Number(row.received) }),
  ...(row.due !== null && { dueInMs: Number(row.due) }),
  ...(row.settled !== null && { settledAtMs: Number(row.settled) }),
});
