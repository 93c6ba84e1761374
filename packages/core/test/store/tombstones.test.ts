import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { memoryStore } from "../../src/index.ts";

const HELD = { owner: "test", leaseMs: 60_000 };
const result = (jobId: string, fingerprint = "1-a") =>
  ({ jobId, payload: "{}", fingerprint, source: "webhook" }) as const;

function boot(options: Parameters<typeof memoryStore>[0] = {}) {
  let nowMs = 10_000;
  const store = memoryStore({ ...options, clock: () => nowMs });
  return {
    store,
    setClock: (ms: number) => void (nowMs = ms),
    async settle(jobId: string, to: "done" | "dead" = "done", binding?: string) {
      const ingested = await store.ingest({ ...result(jobId), binding }, HELD);
      if (ingested.kind !== "leased") throw new Error(ingested.kind);
      await store.settle(ingested.lease, to === "done" ? { to } : { to, error: "Error: callback" });
    },
    async ids(limit: number) {
      const ids: string[] = [];
      let after: string | undefined;
      do {
        const page = await store.list({ state: "done", limit, ...(after && { after }) });
        ids.push(...page.records.map(({ jobId }) => jobId));
        after = page.next;
      } while (after !== undefined);
      return ids;
    },
  };
}

it("a conflict counts for the done job that it concerns, and not for others with the same outcome", async () => {
  const { store, settle, ids } = boot();
  for (const jobId of ["a", "b", "c"]) await settle(jobId);
  expect(await store.ingest(result("b", "1-b"), HELD)).toMatchObject({ kind: "conflict" });
  expect(await store.ingest(result("b", "1-b"), HELD)).toMatchObject({ kind: "conflict" });
  await settle("d");
  const conflicts = ["a", "b", "c", "d"].map(async (id) => (await store.get(id))?.conflicts);
  expect(await Promise.all(conflicts)).toEqual([0, 2, 0, 0]);
  expect(await ids(10)).toEqual(["d", "c", "b", "a"]);
});

it("the store remembers the outcome of each done job", async () => {
  const { store, settle, setClock } = boot();
  setClock(10_500);
  await settle("plain");
  await settle("bound", "done", "nonce.ref");
  await store.expect("polled", { pollAfterMs: 0, giveUpAfterMs: 1_000 });
  await store.claimPolls({ limit: 1, leaseMs: 1_000 });
  await settle("polled");
  const ended = { state: "done", attempts: 1, conflicts: 0, source: "webhook", payload: "{}" };
  const times = { receivedAtMs: 10_500, settledAtMs: 10_500 };
  expect(await store.get("plain")).toEqual({ jobId: "plain", fence: 1, ...ended, ...times });
  expect(await store.get("bound")).toMatchObject({ binding: "nonce.ref", fence: 1 });
  expect(await store.get("polled")).toEqual({ jobId: "polled", fence: 2, ...ended, ...times });
});

it("done jobs that end one after the other keep what differs between them", async () => {
  const { store } = boot();
  const finish = async (jobId: string, source: "webhook" | "manual") => {
    await store.ingest({ ...result(jobId), source }, { ...HELD, leaseMs: 0 });
    return () => store.claim({ ...HELD, limit: 1, jobId });
  };
  const release = { to: "release" } as const;
  const retry = { to: "retry", delayMs: 0, error: "Error: callback" } as const;
  for (const [jobId, source, ...steps] of [
    ["one", "webhook"],
    ["claimed twice", "webhook", release],
    ["tried twice", "webhook", retry],
    ["contested", "webhook", retry],
    ["by hand", "manual", retry],
    ["one more", "manual"],
  ] as const) {
    const claim = await finish(jobId, source);
    if (jobId === "contested") await store.ingest(result(jobId, "1-b"), HELD);
    for (const settlement of [...steps, { to: "done" } as const]) {
      for (const lease of await claim()) await store.settle(lease, settlement);
    }
  }
  const { records } = await store.list({ limit: 10 });
  expect(
    records.map((row) => [row.jobId, row.attempts, row.fence, row.conflicts, row.source]),
  ).toEqual([
    ["by hand", 2, 2, 0, "manual"],
    ["claimed twice", 1, 2, 0, "webhook"],
    ["contested", 2, 2, 1, "webhook"],
    ["one", 1, 1, 0, "webhook"],
    ["one more", 1, 1, 0, "manual"],
    ["tried twice", 2, 2, 0, "webhook"],
  ]);
});

it.each([1, 2, 100])(
  "lists are ordered by the time of settling where the clock was set back, in pages of %i",
  async (limit) => {
    const { settle, setClock, ids } = boot();
    const settledAt: Record<string, number> = {};
    for (const [index, ms] of [10, 30, 30, 50, 20, 25, 50, 40, 60, 70, 5].entries()) {
      setClock(10_000 + ms);
      const jobId = `job-${index}`;
      settledAt[jobId] = ms;
      await settle(jobId);
    }
    const inOrder = Object.keys(settledAt).sort(
      (a, b) => (settledAt[b] ?? 0) - (settledAt[a] ?? 0) || (a < b ? 1 : -1),
    );
    expect(await ids(limit)).toEqual(inOrder);
  },
);

it("rows whose retention has ended are not counted", async () => {
  const { store, settle, setClock } = boot({ doneTtlMs: 100, deadTtlMs: 200 });
  await settle("done");
  await settle("dead", "dead");
  setClock(10_050);
  await settle("later");
  expect(await store.stats()).toMatchObject({ done: 2, dead: 1 });
  setClock(10_100);
  expect(await store.stats()).toMatchObject({ done: 1, dead: 1 });
  setClock(10_200);
  expect(await store.stats()).toMatchObject({ done: 0, dead: 0 });
});

it("the store gives the age of the oldest result that waits or runs", async () => {
  const { store, settle, setClock } = boot();
  setClock(10_100);
  await store.ingest(result("runs"), HELD);
  setClock(10_500);
  await store.ingest(result("waits"), { ...HELD, leaseMs: 0 });
  await store.ingest(result("runs too"), HELD);
  await settle("done");
  setClock(11_000);
  expect(await store.stats()).toMatchObject({ leased: 2, pending: 1, oldestPendingMs: 900 });
});

it("the store keeps only the binding of a URL, not the text that the binding is a part of", async () => {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  const { store, settle } = boot();
  const heapUsed = (): number => {
    gc();
    return process.memoryUsage().heapUsed;
  };
  const count = 5_000;
  const before = heapUsed();
  for (let index = 0; index < count; index += 1) {
    const url = `${index}.a-binding-of-some-length?${"x".repeat(10_000)}`;
    await settle(`job-${index}`, "done", url.slice(0, url.indexOf("?")));
  }
  // Each URL has 10 kB.
  expect((heapUsed() - before) / count).toBeLessThan(2_500);
  expect(await store.stats()).toMatchObject({ done: count });
});
