import type { JobRecord, JobState, Lease, PollLease, Source } from "@abstrakt-webhooks/core";

/** A part of a reply. Some clients return numbers as strings. */
export type Value = string | number;

/** Makes an argument of a text: `=` and the text, or an empty string for `undefined`. */
export const toText = (text: string | undefined): string => (text === undefined ? "" : `=${text}`);

export const fromText = (value: Value): string | undefined =>
  value === "" ? undefined : String(value).slice(1);

const toNumber = (value: Value): number | undefined => (value === "" ? undefined : Number(value));

/** A row of `CLAIM`. */
export type LeaseRow = readonly [
  id: Value,
  fence: Value,
  attempts: Value,
  payload: Value,
  source: Value,
  binding: Value,
  fingerprint: Value,
  expected: Value,
  received: Value,
  lost?: Value,
];

export function toLease(row: LeaseRow): Lease {
  const [id, fence, attempts, payload, source, bound, fp, expected, received, lost] = row;
  const [binding, fingerprint] = [fromText(bound), fromText(fp)];
  return {
    jobId: fromText(id) ?? "",
    fence: Number(fence),
    attempt: Number(attempts),
    payload: fromText(payload) ?? "",
    source: (source || "webhook") as Source,
    receivedAtMs: Number(received),
    ...(binding !== undefined && { binding }),
    ...(fingerprint !== undefined && { fingerprint }),
    ...(Number(expected) === 1 && { expected: true }),
    ...(Number(lost) === 1 && { lost: true }),
  };
}

/** A row of `CLAIM_POLLS`. */
export type PollRow = readonly [
  id: Value,
  fence: Value,
  polls: Value,
  binding: Value,
  overdue: Value,
];

export function toPollLease([id, fence, polls, bound, overdue]: PollRow): PollLease {
  const binding = fromText(bound);
  return {
    jobId: fromText(id) ?? "",
    fence: Number(fence),
    polls: Number(polls),
    overdue: Number(overdue) === 1,
    ...(binding !== undefined && { binding }),
  };
}

/** A row of `LOOK`. Empty for a job that has none. */
export type RecordRow =
  | readonly [words: string, binding: Value, payload: Value, error: Value]
  | readonly [];

export function toRecord(jobId: string, row: RecordRow | undefined): JobRecord | undefined {
  if (row === undefined || row.length === 0) return undefined;
  const [words, ...texts] = row;
  const [state, attempts, fence, conflicts, source, ...times] = words.split(" ");
  const [binding, payload, error] = texts.map(fromText);
  const [receivedAtMs, settledAtMs, dueInMs] = times.map(toNumber);
  return {
    jobId,
    state: state as JobState,
    attempts: Number(attempts),
    fence: Number(fence),
    conflicts: Number(conflicts),
    ...(source !== "" && { source: source as Source }),
    ...(binding !== undefined && { binding }),
    ...(payload !== undefined && { payload }),
    ...(error !== undefined && { error }),
    ...(receivedAtMs !== undefined && { receivedAtMs }),
    ...(dueInMs !== undefined && { dueInMs }),
    ...(settledAtMs !== undefined && { settledAtMs }),
  };
}
