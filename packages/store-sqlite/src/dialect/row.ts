import type {
  DeadLetters,
  Delivery,
  Expected,
  Ingested,
  JobRecord,
  JobState,
  Lease,
  ListOptions,
  PollLease,
  Source,
} from "@abstrakt-webhooks/core";
import { emptyCounts, isLeaseLost, orderOf, type ListedRow } from "@abstrakt-webhooks/core/store";

/** A row as a driver returns it. The user may have configured the driver to return bigints. */
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

/** The columns of a lease. */
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

/** The columns that an ingest reads from the row that it wrote. */
export type WrittenRow = Pick<
  Row,
  "state" | "fingerprint" | "binding" | "fence" | "attempts" | "expected"
>;

/** A row of `STATS`. */
export interface StatsRow {
  readonly state: JobState;
  readonly rows: number | bigint;
  /** When the oldest row was received; null for states other than `pending` and `leased`. */
  readonly oldest: number | bigint | null;
}

/** Makes the lease of a claimed row. */
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
  ...(isLeaseLost(row.error) && { lost: true }),
});

/** Makes the lease of a claimed poll. */
export const toPollLease = (row: Row, nowMs: number): PollLease => ({
  jobId: row.job_id,
  fence: Number(row.fence),
  polls: Number(row.polls),
  overdue: row.give_up_at !== null && nowMs >= row.give_up_at,
  ...(row.binding !== null && { binding: row.binding }),
});

/** Makes the record of a row. */
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

/** A row of `EXPECT`. */
export interface ExpectRow {
  readonly arrived: number | bigint;
  readonly binding: string | null;
}

/** The outcome of `expect` with this binding. */
export function toExpected(
  { arrived, binding: ours }: ExpectRow,
  binding: string | undefined,
): Expected {
  if (Number(arrived) === 0) return "expected";
  return ours === null || binding === undefined || ours === binding ? "arrived" : "contested";
}

/** Makes a row of a list. */
export function toListed(row: Row, o: ListOptions, nowMs: number): ListedRow {
  const order = orderOf(o);
  const at = order === "due" ? row.due_at : order === "settled" ? row.settled_at : 0;
  return { record: toRecord(row, nowMs), at: Number(at) };
}

/** The outcome of a delivery, from the row after the write. */
export function toIngested(
  row: WrittenRow,
  delivery: Delivery,
  leaseMs: number,
  nowMs: number,
): Ingested {
  const { state } = row;
  const { jobId, fingerprint, payload, source, binding } = delivery;
  if (row.binding !== null && binding !== undefined && row.binding !== binding) {
    return { kind: "conflict", state, reason: "binding" };
  }
  if (fingerprint === undefined) return { kind: "parked" };
  if (row.fingerprint !== fingerprint) return { kind: "conflict", state, reason: "result" };
  if (leaseMs === 0) return { kind: "stored" };
  // The statement does not return these columns, because the delivery has their values.
  const written = { ...row, job_id: jobId, payload, source, received_at: nowMs };
  return { kind: "leased", lease: toLease(written) };
}

/** Counts the rows of `STATS`. */
export function toStats(
  rows: readonly StatsRow[],
  nowMs: number,
): Awaited<ReturnType<DeadLetters["stats"]>> {
  const stats: Awaited<ReturnType<DeadLetters["stats"]>> = emptyCounts();
  for (const { state, rows: count, oldest } of rows) {
    stats[state] = Number(count);
    if (state !== "pending" && state !== "leased") continue;
    const ageMs = nowMs - Number(oldest ?? nowMs);
    stats.oldestPendingMs = Math.max(stats.oldestPendingMs ?? 0, ageMs);
  }
  return stats;
}
