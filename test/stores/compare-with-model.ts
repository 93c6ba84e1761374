import { equal, ok } from "@abstrakt-webhooks/testing";
import type {
  DeadLetters,
  ExpectedJobs,
  JobRecord,
  JobStore,
  ListOptions,
} from "@abstrakt-webhooks/core";
import { isLost, type Model, type ModelRow } from "./model.ts";

export type Store = JobStore & ExpectedJobs & DeadLetters;

/** Checks that the rows due longest came first. Rows due at the same time may come in any order. */
export function checkOrder(
  taken: readonly { jobId: string }[],
  due: [string, ModelRow][],
  limit: number,
  what: string,
): void {
  const dueAt = new Map(due.map(([id, row]) => [id, row.dueAtMs]));
  const got = taken.map(({ jobId }) => dueAt.get(jobId));
  equal(new Set(taken.map(({ jobId }) => jobId)).size, taken.length, `${what}: each once`);
  const wanted = [...dueAt.values()].sort((a, b) => a - b).slice(0, limit);
  equal(got, wanted, `${what}: due times of the rows taken`);
}

/**
 * Checks that a list has every row of the model once, in order. Rows with equal times may come in
 * any order.
 */
export function checkList(
  ids: readonly string[],
  model: Model,
  { state, prefix }: ListOptions,
  what: string,
): void {
  const rows = new Map(
    model
      .rows()
      .filter(([id, row]) => (state ?? row.state) === row.state && id.startsWith(prefix ?? "")),
  );
  equal([...ids].sort(), [...rows.keys()].sort(), `${what}: the rows`);
  const places = ids.map((id) => {
    const row = rows.get(id);
    if (state === undefined || prefix !== undefined) return id;
    return state === "done" || state === "dead" ? -(row?.settledAtMs ?? 0) : (row?.dueAtMs ?? 0);
  });
  const inOrder = places.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  equal(places, inOrder, `${what}: the order of ${ids.join(", ")}`);
}

export function checkLease(
  lease: { jobId: string; receivedAtMs: number },
  model: Model,
  what: string,
): void {
  const row = model.find(lease.jobId);
  ok(row, `${what}: a row of ${lease.jobId}`);
  const { receivedAtMs, ...got } = lease;
  equal(
    got,
    {
      jobId: lease.jobId,
      fence: row.fence,
      attempt: row.attempts,
      payload: row.payload,
      source: "webhook",
      binding: row.binding,
      fingerprint: row.fingerprint,
      expected: row.expected || undefined,
      lost: isLost(row.error) || undefined,
    },
    `${what}: the lease`,
  );
  ok(receivedAtMs > 0, `${what}: a receivedAtMs`);
}

/** Compares every row, the counts and the next due time. */
export async function compare(
  store: Store,
  model: Model,
  slackMs: number,
  what: string,
): Promise<void> {
  const counts = { expected: 0, pending: 0, leased: 0, done: 0, dead: 0 };
  const dues: number[] = [];
  for (const jobId of ["job-1", "job-2", "job-3"]) {
    const row = model.find(jobId);
    const record = await store.get(jobId);
    if (row !== undefined) counts[row.state] += 1;
    const due = row && row.state !== "done" && row.state !== "dead";
    const dueInMs = due ? row.dueAtMs - model.nowMs() : undefined;
    if (dueInMs !== undefined) dues.push(Math.max(0, dueInMs));
    equal(withoutTimes(record), row && toRecord(jobId, row), `${what}: ${jobId}`);
    near(record?.dueInMs, dueInMs, slackMs, `${what}: dueInMs of ${jobId}`);
  }
  const next = dues.length === 0 ? undefined : Math.min(...dues);
  near(await store.nextDueInMs(), next, slackMs, `${what}: nextDueInMs`);
  const { oldestPendingMs, ...got } = await store.stats();
  equal(got, counts, `${what}: stats`);
  const ages = model
    .rows()
    .flatMap(([, row]) =>
      row.state === "pending" || row.state === "leased"
        ? [model.nowMs() - (row.receivedAtMs ?? 0)]
        : [],
    );
  const oldest = ages.length === 0 ? undefined : Math.max(...ages);
  near(oldestPendingMs, oldest, slackMs, `${what}: oldestPendingMs`);
}

const withoutTimes = (record: JobRecord | undefined) => {
  if (record === undefined) return undefined;
  const { dueInMs, receivedAtMs, settledAtMs, source, ...rest } = record;
  return { ...rest, received: receivedAtMs !== undefined, settled: settledAtMs !== undefined };
};

const toRecord = (jobId: string, row: ModelRow) => ({
  jobId,
  state: row.state,
  attempts: row.attempts,
  fence: row.fence,
  conflicts: row.conflicts,
  binding: row.binding,
  payload: row.payload,
  error: row.error,
  received: row.receivedAtMs !== undefined,
  settled: row.settledAtMs !== undefined,
});

function near(got: number | undefined, wanted: number | undefined, slackMs: number, what: string) {
  const close =
    got === wanted ||
    (got !== undefined && wanted !== undefined && Math.abs(got - wanted) < slackMs);
  ok(close, `${what}: about ${wanted}, got ${got}`);
}
