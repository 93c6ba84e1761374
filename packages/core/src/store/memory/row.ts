import type { PollLease } from "../capabilities.ts";
import type { JobRecord, JobState, Lease, Source } from "../job-store.ts";
import { isLeaseLost } from "../lease-lost.ts";
import type { Due } from "./due-heap.ts";

/** One job in memory. Every field is always present, so that all rows share one hidden class. */
export interface Row extends Due {
  readonly jobId: string;
  state: JobState;
  fingerprint: string | undefined;
  payload: string | undefined;
  source: Source | undefined;
  binding: string | undefined;
  error: string | undefined;
  fence: number;
  attempts: number;
  polls: number;
  conflicts: number;
  expected: boolean;
  receivedAtMs: number | undefined;
  settledAtMs: number | undefined;
  giveUpAfterMs: number | undefined;
  giveUpAtMs: number | undefined;
}

/** Makes a row that is in no table yet. Its state means nothing until `place`. */
export const createRow = (jobId: string): Row => ({
  jobId,
  state: "dead",
  fingerprint: undefined,
  payload: undefined,
  source: undefined,
  binding: undefined,
  error: undefined,
  fence: 0,
  attempts: 0,
  polls: 0,
  conflicts: 0,
  expected: false,
  receivedAtMs: undefined,
  settledAtMs: undefined,
  giveUpAfterMs: undefined,
  giveUpAtMs: undefined,
  dueAtMs: 0,
  heapIndex: -1,
});

const isSettled = (row: Row): boolean => row.state === "done" || row.state === "dead";

type Mutable<T> = { -readonly [key in keyof T]: T[key] };

export function toLease(row: Row, createdAtMs: number): Lease {
  // Assignments, because a spread is slow and every delivery runs this.
  const lease: Mutable<Lease> = {
    jobId: row.jobId,
    fence: row.fence,
    attempt: row.attempts,
    payload: row.payload ?? "",
    source: row.source ?? "webhook",
    receivedAtMs: createdAtMs + (row.receivedAtMs ?? 0),
  };
  if (row.fingerprint !== undefined) lease.fingerprint = row.fingerprint;
  if (row.binding !== undefined) lease.binding = row.binding;
  if (row.expected) lease.expected = true;
  if (isLeaseLost(row.error)) lease.lost = true;
  return lease;
}

export const toPollLease = (row: Row, nowMs: number): PollLease => ({
  jobId: row.jobId,
  fence: row.fence,
  polls: row.polls,
  overdue: row.giveUpAtMs !== undefined && nowMs >= row.giveUpAtMs,
  ...(row.binding !== undefined && { binding: row.binding }),
});

export const toRecord = (row: Row, nowMs: number, createdAtMs: number): JobRecord => ({
  jobId: row.jobId,
  state: row.state,
  attempts: row.attempts,
  fence: row.fence,
  conflicts: row.conflicts,
  ...(row.source !== undefined && { source: row.source }),
  ...(row.binding !== undefined && { binding: row.binding }),
  ...(row.payload !== undefined && { payload: row.payload }),
  ...(row.error !== undefined && { error: row.error }),
  ...(row.receivedAtMs !== undefined && { receivedAtMs: createdAtMs + row.receivedAtMs }),
  ...(!isSettled(row) && { dueInMs: row.dueAtMs - nowMs }),
  ...(row.settledAtMs !== undefined && { settledAtMs: createdAtMs + row.settledAtMs }),
});
