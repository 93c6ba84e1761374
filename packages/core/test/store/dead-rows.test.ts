import { expect, it } from "vitest";
import { memoryStore, type Delivery } from "../../src/index.ts";

const HELD = { owner: "test", leaseMs: 60_000 };
const result = (jobId: string): Delivery => ({
  jobId,
  fingerprint: "1-a",
  payload: "{}",
  source: "webhook",
});
const odd = (jobId: string): Delivery => ({ jobId, payload: "{}", source: "webhook" });

function boot(maxDead: number) {
  const store = memoryStore({ maxDead, clock: () => 1_000_000 });
  const warnings: string[] = [];
  void store.onDropped?.((message) => void warnings.push(message));
  const die = async (jobId: string, free = false) => {
    const ingested = await store.ingest(result(jobId), HELD);
    if (ingested.kind !== "leased") throw new Error(ingested.kind);
    const error = free ? "unknown_job" : "Error: callback";
    await store.settle(ingested.lease, { to: "dead", error, ...(free && { free: true }) });
  };
  const giveUp = async (jobId: string) => {
    await store.expect(jobId, { pollAfterMs: 0, giveUpAfterMs: 0 });
    const [poll] = await store.claimPolls({ limit: 1, leaseMs: 1_000 });
    if (poll) await store.settlePoll(poll, { giveUp: "never_delivered" });
  };
  const ids = async () =>
    (await store.list({ prefix: "", state: "dead", limit: 100 })).records.map((row) => row.jobId);
  return { store, warnings, die, giveUp, ids };
}

it("replaced rows are dropped first, then unrecognized, never delivered and exhausted ones, the oldest first in each group", async () => {
  const { store, die, giveUp, ids, warnings } = boot(8);
  for (const number of [1, 2]) {
    await die(`dead-${number}`);
    await giveUp(`late-${number}`);
    await store.ingest(odd(`odd-${number}`), HELD);
    await die(`forged-${number}`, true);
  }
  const gone: string[] = [];
  const warned: number[] = [];
  let before = await ids();
  expect(before).toHaveLength(8);
  for (let number = 3; gone.length < 8; number += 1) {
    await die(`dead-${number}`);
    const after = await ids();
    gone.push(...before.filter((id) => !after.includes(id)));
    before = after;
    warned.push(warnings.length);
  }
  const kinds = ["forged", "odd", "late", "dead"];
  expect(gone).toEqual(kinds.flatMap((kind) => [`${kind}-1`, `${kind}-2`]));
  // The first drop of each kind is reported.
  expect(warned).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
  expect(warnings[0]).toMatch(/keeps 8 dead jobs \(maxDead\).*unknown to the provider.*raise/);
});

it.each(["unrecognized", "freed"])(
  "an unrecognized payload takes the place of a row that is %s",
  async (kind) => {
    const { store, die, ids } = boot(2);
    await die("dead");
    if (kind === "freed") await die("old", true);
    else await store.ingest(odd("old"), HELD);
    expect(await store.ingest(odd("new"), HELD)).toEqual({ kind: "parked" });
    expect(await ids()).toEqual(["dead", "new"]);
  },
);

it("an unrecognized payload of an expected job is accepted although dead letters fill the store", async () => {
  const { store, die } = boot(1);
  await die("dead");
  await store.expect("job", { pollAfterMs: 60_000, giveUpAfterMs: 60_000 });
  expect(await store.ingest(odd("job"), HELD)).toEqual({ kind: "parked" });
  expect(await store.get("job")).toMatchObject({ state: "expected", dueInMs: 0 });
});

it("a store drops rows also where nobody listens", async () => {
  const store = memoryStore({ maxDead: 1 });
  for (const jobId of ["1", "2"]) await store.ingest(odd(jobId), HELD);
  expect(await store.stats()).toMatchObject({ dead: 1 });
});

it("a row that would have to be dropped at once is refused, and the dead letters stay", async () => {
  const { store, die, ids } = boot(2);
  await die("dead-1");
  await die("dead-2");
  expect(await store.ingest(odd("odd"), HELD)).toEqual({ kind: "full" });
  await die("forged", true);
  expect(await ids()).toEqual(["dead-1", "dead-2"]);
  expect(await store.get("forged")).toBeUndefined();
});

it("a payload is parked in the place of a row whose retention has ended", async () => {
  let nowMs = 1_000_000;
  const store = memoryStore({ maxDead: 1, deadTtlMs: 1_000, clock: () => nowMs });
  const ingested = await store.ingest(result("dead"), HELD);
  if (ingested.kind !== "leased") throw new Error(ingested.kind);
  await store.settle(ingested.lease, { to: "dead", error: "Error: callback" });
  nowMs += 999;
  expect(await store.ingest(odd("odd"), HELD)).toEqual({ kind: "full" });
  nowMs += 1;
  expect(await store.ingest(odd("odd"), HELD)).toEqual({ kind: "parked" });
});

it("rows whose retention has ended are dropped before any other", async () => {
  let nowMs = 1_000_000;
  const store = memoryStore({ maxDead: 2, deadTtlMs: 1_000, clock: () => nowMs });
  const warnings: string[] = [];
  void store.onDropped?.((message) => void warnings.push(message));
  const die = async (jobId: string) => {
    const ingested = await store.ingest(result(jobId), HELD);
    if (ingested.kind === "leased") {
      await store.settle(ingested.lease, { to: "dead", error: "Error: callback" });
    }
  };
  await die("old");
  nowMs += 900;
  await store.ingest(odd("odd"), HELD);
  nowMs += 200;
  await die("new");
  expect(await store.get("odd")).toBeDefined();
  expect(warnings).toEqual([]);
});

it("redrive makes no more rows due than maxLive allows", async () => {
  const store = memoryStore({ maxLive: 1 });
  const ingested = await store.ingest(result("dead"), HELD);
  if (ingested.kind !== "leased") throw new Error(ingested.kind);
  await store.settle(ingested.lease, { to: "dead", error: "x" });
  await store.ingest(result("live"), HELD);
  await expect(store.redrive("dead")).rejects.toMatchObject({ code: "store_unavailable" });
  await expect(store.ready?.()).rejects.toThrow("maxLive");
  expect(await store.get("dead")).toMatchObject({ state: "dead" });
});
