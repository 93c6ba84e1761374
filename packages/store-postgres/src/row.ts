import type { JobRecord, JobState, Lease, PollLease, Source } from "@abstrakt-webhooks/core";
import type { ListedRow, orderOf } from "@abstrakt-webhooks/core/store";

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

/** A row as `get` and `list` select it. A list leaves out what its rows do not have. */
export interface RecordRow {
  readonly id: string;
  readonly state: JobState;
  readonly fence: Num;
  readonly attempts: Num;
  readonly conflicts: Num;
  readonly source: string | null;
  readonly binding: string | null;
  readonly payload?: string | null;
  readonly error: string | null;
  readonly received: Num | null;
  readonly settled?: Num | null;
  readonly due?: Num;
  /** The server's time. */
  readonly now?: Num;
}

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
  ...(isGiven(row.payload) && { payload: row.payload }),
  ...(row.error !== null && { error: row.error }),
  ...(row.received !== null && { receivedAtMs: toEpochMs(row.received) }),
  ...(isGiven(row.settled)
    ? { settledAtMs: toEpochMs(row.settled) }
    : { dueInMs: untilDueMs(row) }),
});

/** Makes a row of a list. */
export const toListed = (row: RecordRow, order: ReturnType<typeof orderOf>): ListedRow => ({
  record: toRecord(row),
  at: order === "id" ? 0 : toMicroseconds(order === "due" ? row.due : row.settled),
});

const isGiven = <T>(value: T | null | undefined): value is T =>
  value !== null && value !== undefined;

/** Microseconds of seconds. PostgreSQL stores times in whole microseconds. */
const toMicroseconds = (seconds: Num | null | undefined): number =>
  Math.round(Number(seconds) * 1_000_000);

const toEpochMs = (seconds: Num): number => Math.floor(toMicroseconds(seconds) / 1_000);

/** Rounded up, so that 0 or less means due. */
const untilDueMs = ({ due, now }: RecordRow): number =>
  // Without `+ 0` this could be -0.
  Math.ceil((toMicroseconds(due) - toMicroseconds(now)) / 1_000) + 0;
