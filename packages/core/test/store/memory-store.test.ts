import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { type Delivery, type Ingested, type Lease, memoryStore } from "../../src/index.ts";

const owner = "test";
const LEASE = { owner, leaseMs: 60_000 };

const result = (jobId: string, payload = "{}"): Delivery => ({
  jobId,
  payload,
  fingerprint: "1-a",
  source: "webhook",
});

function leaseOf(ingested: Ingested): Lease {
  if (ingested.kind !== "leased") throw new Error(`Expected a lease, got ${ingested.kind}`);
  return ingested.lease;
}

function manual(options: Parameters<typeof memoryStore>[0] = {}) {
  let nowMs = 1_000;
  const store = memoryStore({ ...options, clock: () => nowMs });
  return {
    store,
    advance: (ms: number) => void (nowMs += ms),
    async finish(jobId: string, payload?: string) {
      await store.settle(leaseOf(await store.ingest(result(jobId, payload), LEASE)), {
        to: "done",
      });
    },
  };
}

it("the store keeps its maximum when only tombstones can be pruned", async () => {
  const { store, advance, finish } = manual({ maxLive: 2, doneTtlMs: 10 });
  await finish("done");
  for (const jobId of ["1", "2"]) leaseOf(await store.ingest(result(jobId), LEASE));
  advance(11);
  expect(await store.ingest(result("3"), LEASE)).toEqual({ kind: "full" });
  expect(await store.stats()).toMatchObject({ leased: 2 });
});

it("dead rows do not keep new results out", async () => {
  const { store } = manual({ maxLive: 1 });
  const lease = leaseOf(await store.ingest(result("1"), LEASE));
  await store.settle(lease, { to: "dead", error: "x" });
  leaseOf(await store.ingest(result("2"), LEASE));
  expect(await store.ingest(result("3"), LEASE)).toEqual({ kind: "full" });
});

it("the store refuses to expect a job when it is full", async () => {
  const { store } = manual({ maxLive: 1 });
  const o = { pollAfterMs: 1, giveUpAfterMs: 1 };
  expect(await store.expect("1", o)).toBe("expected");
  await expect(store.expect("2", o)).rejects.toMatchObject({ code: "store_unavailable" });
  expect(await store.expect("1", o)).toBe("expected");
});

it("a full store accepts the result of a job that it expects, and knows the jobs that are dead", async () => {
  const { store } = manual({ maxLive: 1 });
  const o = { pollAfterMs: 1, giveUpAfterMs: 1 };
  await store.settle(leaseOf(await store.ingest(result("dead"), LEASE)), {
    to: "dead",
    error: "x",
  });
  await store.expect("job", o);
  expect(await store.expect("dead", o)).toBe("arrived");
  expect(await store.ingest(result("job"), LEASE)).toMatchObject({ kind: "leased" });
});

it("the oldest tombstones beyond maxDone are pruned, and never an unsettled row", async () => {
  const { store, finish } = manual({ maxLive: 10, maxDone: 3 });
  const held = leaseOf(await store.ingest(result("held"), LEASE));
  await store.ingest(result("waits"), { owner, leaseMs: 0 });
  for (let index = 0; index < 50; index += 1) await finish(`job-${index}`);

  expect(await store.stats()).toMatchObject({ done: 3, leased: 1, pending: 1 });
  const { records } = await store.list({ state: "done", limit: 10 });
  expect(records.map((record) => record.jobId)).toEqual(["job-49", "job-48", "job-47"]);
  expect(await store.settle(held, { to: "retry", delayMs: 0, error: "x" })).toBe(true);
  expect(await store.claim({ ...LEASE, limit: 10 })).toHaveLength(2);
});

it("a repeat does not refresh a tombstone: the one settled first is pruned first", async () => {
  const { store, finish } = manual({ maxDone: 2 });
  await finish("first");
  await finish("second");
  expect(await store.ingest(result("first"), LEASE)).toMatchObject({ kind: "duplicate" });
  await finish("third");
  expect(await store.get("first")).toBeUndefined();
  expect(await store.get("second")).toBeDefined();
});

it("the store keeps the payloads of the newest 1 000 done jobs, and every tombstone", async () => {
  const { store, finish } = manual();
  for (let index = 1_000; index < 2_030; index += 1) await finish(`job-${index}`);
  const { records } = await store.list({ limit: 2_000 });
  expect(records).toHaveLength(1_030);
  const kept = records.filter((record) => record.payload !== undefined);
  expect(kept).toHaveLength(1_000);
  expect(kept[0]?.jobId).toBe("job-1030");
});

it("a job that arrives again after it was pruned has nothing of its former row", async () => {
  const { store, finish } = manual({ maxDone: 1 });
  await finish("job", '"old"');
  await finish("other");
  await store.expect("job", { pollAfterMs: 1, giveUpAfterMs: 1 });
  expect(await store.get("job")).toMatchObject({ state: "expected", fence: 0 });
  expect((await store.get("job"))?.payload).toBeUndefined();
});

it("a row is due at the exact millisecond that nextDueInMs gives, and not earlier", async () => {
  const { store, advance } = manual();
  leaseOf(await store.ingest(result("job"), { owner, leaseMs: 50 }));
  advance(49);
  expect(await store.nextDueInMs()).toBe(1);
  expect(await store.claim({ ...LEASE, limit: 1 })).toEqual([]);
  advance(1);
  expect(await store.nextDueInMs()).toBe(0);
  expect(await store.claim({ ...LEASE, limit: 1 })).toHaveLength(1);
});

it("a lease that has expired is claimed although a retry waits for longer", async () => {
  const { store, advance } = manual();
  const failed = leaseOf(await store.ingest(result("failed"), LEASE));
  await store.settle(failed, { to: "retry", delayMs: 1_000, error: "x" });
  leaseOf(await store.ingest(result("lost"), { owner, leaseMs: 50 }));
  advance(50);
  expect(await store.claim({ ...LEASE, limit: 10 })).toMatchObject([{ jobId: "lost" }]);
});

it("nextDueInMs gives the first of all leases and polls", async () => {
  const { store } = manual();
  leaseOf(await store.ingest(result("job"), { owner, leaseMs: 50 }));
  await store.expect("early", { pollAfterMs: 40, giveUpAfterMs: 1_000 });
  expect(await store.nextDueInMs()).toBe(40);
  await store.settlePoll({ jobId: "early", fence: 0 }, { againAfterMs: 60 });
  expect(await store.nextDueInMs()).toBe(50);
});

it("times are those of the wall clock", async () => {
  const { store, advance } = manual();
  advance(500);
  const lease = leaseOf(await store.ingest(result("job"), LEASE));
  expect(lease).toMatchObject({ receivedAtMs: 1_500 });
  advance(250);
  await store.settle(lease, { to: "done" });
  expect(await store.get("job")).toMatchObject({ receivedAtMs: 1_500, settledAtMs: 1_750 });
});

it("a record and a lease have no key without a value", async () => {
  const { store } = manual();
  const hasAll = (entry: object): boolean =>
    ![undefined, Number.NaN].some((none) => Object.values(entry).includes(none));
  await store.expect("expected", { pollAfterMs: 0, giveUpAfterMs: 1_000 });
  await store.ingest({ jobId: "parked", payload: "{}", source: "webhook" }, LEASE);
  await store.redrive("parked");
  const entries = [
    ...(await store.claimPolls({ limit: 1, leaseMs: 1_000 })),
    ...(await store.claim({ ...LEASE, limit: 1 })),
    ...(await store.list({ limit: 2 })).records,
  ];
  expect(entries).toHaveLength(4);
  expect(entries.every(hasAll)).toBe(true);
});

it("a job that was given up is polled again once it is redriven or expected, with the same time", async () => {
  const { store, advance } = manual();
  const o = { pollAfterMs: 0, giveUpAfterMs: 100 };
  await store.expect("job", o);
  for (const again of [() => store.redrive("job"), () => store.expect("job", o), undefined]) {
    advance(99);
    const [poll] = await store.claimPolls({ limit: 1, leaseMs: 1 });
    expect(poll).toMatchObject({ overdue: false });
    advance(1);
    const [last] = await store.claimPolls({ limit: 1, leaseMs: 1 });
    if (last === undefined) throw new Error("Expected a poll, got none.");
    expect(last).toMatchObject({ overdue: true });
    await store.settlePoll(last, { giveUp: "never_delivered" });
    expect(await store.get("job")).toMatchObject({ state: "dead" });
    await again?.();
  }
});

it("a poll of a job that the store does not know changes nothing", async () => {
  const { store } = manual();
  expect(await store.settlePoll({ jobId: "job", fence: 1 }, { againAfterMs: 1 })).toBe(false);
});

it("a retention ends at its exact millisecond", async () => {
  const { store, advance, finish } = manual({ doneTtlMs: 100 });
  await finish("job");
  advance(99);
  expect(await store.prune({ limit: 10 })).toBe(0);
  expect(await store.get("job")).toMatchObject({ state: "done", settledAtMs: 1_000 });
  advance(1);
  expect(await store.get("job")).toBeUndefined();
});

it("prune removes exactly the rows whose retention has ended, at most its limit at a time", async () => {
  const { store, advance, finish } = manual({ doneTtlMs: 100, deadTtlMs: 100 });
  for (const jobId of ["a", "b", "c"]) await finish(jobId);
  await store.ingest({ jobId: "d", payload: "{}", source: "webhook" }, LEASE);
  advance(100);
  await finish("young");
  expect(await store.prune({ limit: 3 })).toBe(3);
  expect(await store.prune({ limit: 3 })).toBe(1);
  expect(await store.prune({ limit: 3 })).toBe(0);
});

it.each(["maxLive", "maxDone", "maxDead", "doneTtlMs", "deadTtlMs"])(
  "%s must be a whole number of 1 or more",
  (name) => {
    for (const value of [0, -1, 1.5, Number.NaN, Infinity, "10"]) {
      expect(() => memoryStore({ [name]: value })).toThrow(
        expect.objectContaining({
          code: "invalid_options",
          message: expect.stringContaining(`\`${name}\``),
        }),
      );
    }
  },
);

it("the clock must be a function", () => {
  const broken: object = { clock: 5 };
  expect(() => memoryStore(broken)).toThrow("`clock`");
});

it("the store refuses an unknown option", () => {
  const misspelt: object = { maxRows: 5 };
  expect(() => memoryStore(misspelt)).toThrow(
    expect.objectContaining({
      code: "invalid_options",
      message:
        "Unknown option `maxRows`. Did you mean `maxDone`? Known: maxLive, maxDone, maxDead, doneTtlMs, deadTtlMs, clock.",
    }),
  );
});

it("after a million jobs no more than maxDone tombstones are left", async () => {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  const { store, finish } = manual({ maxDone: 5_000 });
  const heapAfter = async (first: number, count: number) => {
    for (let index = first; index < first + count; index += 1) await finish(`job-${index}`);
    gc();
    return process.memoryUsage().heapUsed;
  };
  const early = await heapAfter(0, 100_000);
  const late = await heapAfter(100_000, 900_000);

  expect(await store.stats()).toMatchObject({ done: 5_000, leased: 0, pending: 0, dead: 0 });
  // If the store kept a hundred bytes of each job, that would be 90 MB.
  expect(late - early).toBeLessThan(16 * 1024 * 1024);
}, 120_000);
