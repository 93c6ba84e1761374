import { expect, it, type Mock, vi } from "vitest";
import { type HandlerContext, type JobSucceeded, memoryStore } from "../../src/index.ts";
import {
  boot,
  defer,
  drained,
  durableStore,
  forEver,
  pass,
  succeeded,
  useFakeTime,
} from "./support.ts";

useFakeTime();
const LEASE_MS = 60_000;

type Callback = (job: JobSucceeded, ctx: HandlerContext) => Promise<void>;
const attemptsIn = (callback: Mock<Callback>): [string, number][] =>
  callback.mock.calls
    .map(([job, ctx]): [string, number] => [job.job_id, ctx.attempt])
    .sort(([a], [b]) => (a < b ? -1 : 1));

/** A store in which each of the jobs has lost that many leases, the last of them just now. */
async function storeAfter(lost: number, jobIds: string[], durable = true) {
  const memory = memoryStore();
  for (const jobId of jobIds) {
    const payload = JSON.stringify(succeeded(jobId));
    const delivery = { jobId, fingerprint: jobId, payload, source: "webhook" } as const;
    await memory.ingest(delivery, { owner: "former", leaseMs: 1 });
  }
  for (let count = 1; count < lost; count += 1) {
    await pass(2);
    await memory.claim({ owner: "former", leaseMs: 1, limit: 100 });
  }
  await pass(2);
  return { ...memory, traits: { ...memory.traits, durable } };
}

const JOBS = ["a", "b", "c"];

it("after two lost leases one job runs, and the others wait without counting an attempt", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  const store = await storeAfter(2, JOBS);
  const gate = defer();
  const callback = vi.fn<Callback>(() => gate.promise);
  const { receiver } = boot({ store, onSucceeded: callback, limits: { leaseMs: LEASE_MS } });
  const ticked = receiver.tick();
  await pass(0);
  const [[chosen, attempt] = ["", 0]] = attemptsIn(callback);
  expect(attempt).toBe(3);
  for (const jobId of JOBS.filter((one) => one !== chosen)) {
    expect(await store.get(jobId)).toMatchObject({
      state: "pending",
      attempts: 2,
      error: "lease_lost",
      dueInMs: LEASE_MS / 2,
    });
  }
  gate.resolve();
  await pass(0);
  // A released job is no run.
  expect(await ticked).toEqual({ claimed: 1, polled: 0, pruned: 0, nextDueInMs: LEASE_MS / 2 });
  vi.restoreAllMocks();
});

it("the job that runs is chosen at random, so that none always waits behind the job that kills", async () => {
  const chosen = new Set<string>();
  for (const random of [0, 0.4, 0.999]) {
    vi.spyOn(Math, "random").mockReturnValue(random);
    const ran: string[] = [];
    const onSucceeded = async (job: JobSucceeded) => void ran.push(job.job_id);
    await boot({ store: await storeAfter(2, JOBS), onSucceeded }).receiver.tick();
    // Where the delay is 0, the others run in the same tick.
    chosen.add(ran[0] ?? "none");
    vi.restoreAllMocks();
  }
  expect([...chosen].sort()).toEqual(JOBS);
});

it("the other jobs run alone, one after the other", async () => {
  const store = await storeAfter(2, JOBS);
  let running = 0;
  let most = 0;
  const { receiver, of } = boot({
    store,
    limits: { leaseMs: LEASE_MS },
    async onSucceeded() {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      running -= 1;
    },
  });
  receiver.start();
  await pass(10 * LEASE_MS);
  expect(of("done").map(({ jobId, attempt }) => [jobId, attempt])).toHaveLength(3);
  expect(of("done").every(({ attempt }) => attempt === 3)).toBe(true);
  expect(most).toBe(1);
});

it("the others still wait when an ordinary job ends meanwhile", async () => {
  const store = await storeAfter(2, JOBS);
  const callback = vi.fn<Callback>((job) =>
    job.job_id === "fresh" ? Promise.resolve() : forEver(),
  );
  const limits = { leaseMs: LEASE_MS, handlerTimeoutMs: 10 * LEASE_MS };
  const { receiver, of } = boot({ store, onSucceeded: callback, limits });
  receiver.start();
  await pass(0);
  await receiver.ingest(succeeded("fresh"));
  await pass(3 * LEASE_MS);
  expect(of("done")).toMatchObject([{ jobId: "fresh" }]);
  expect(attemptsIn(callback).filter(([, attempt]) => attempt === 3)).toHaveLength(1);
});

it("no job starts before the others are released", async () => {
  const store = await storeAfter(2, JOBS);
  const gate = defer();
  const settle: typeof store.settle = async (lease, settlement) => {
    if (settlement.to === "release") await gate.promise;
    return store.settle(lease, settlement);
  };
  const callback = vi.fn<Callback>(async () => undefined);
  const { receiver } = boot({ store: { ...store, settle }, onSucceeded: callback });
  const ticked = receiver.tick();
  await pass(100);
  expect(callback).not.toHaveBeenCalled();
  gate.resolve();
  await ticked;
  expect(callback).toHaveBeenCalledTimes(1);
});

it("one lost lease is an ordinary deployment: all jobs run at once", async () => {
  const store = await storeAfter(1, JOBS);
  const callback = vi.fn<Callback>(async () => undefined);
  await boot({ store, onSucceeded: callback }).receiver.tick();
  expect(attemptsIn(callback)).toEqual(JOBS.map((jobId) => [jobId, 2]));
});

it("retries of callbacks that failed run at once, because no lease was lost", async () => {
  const store = durableStore();
  const gate = defer();
  const callback = vi.fn<Callback>(async (_job, { attempt }) => {
    if (attempt < 3) throw new Error("no");
    await gate.promise;
  });
  const retry = { minDelayMs: 10, maxDelayMs: 10 };
  const { receiver, of } = boot({ store, onSucceeded: callback, retry });
  for (const jobId of JOBS) await receiver.ingest(succeeded(jobId));
  await pass(1_000);
  expect(of("attempt").filter(({ attempt }) => attempt === 3)).toHaveLength(3);
  gate.resolve();
  await pass(0);
  expect(of("done")).toHaveLength(3);
});

it("the last attempt is quarantined too where fewer than three are allowed", async () => {
  const store = await storeAfter(1, JOBS);
  const callback = vi.fn<Callback>(async () => undefined);
  const { receiver } = boot({ store, onSucceeded: callback, retry: { maxAttempts: 2 } });
  await receiver.tick();
  expect(callback).toHaveBeenCalledTimes(1);
});

it("on a memory store all jobs run, because none of them can have killed an earlier process", async () => {
  const store = await storeAfter(2, JOBS, false);
  const callback = vi.fn<Callback>(async () => undefined);
  await boot({ store, onSucceeded: callback }).receiver.tick();
  expect(callback).toHaveBeenCalledTimes(3);
});

it("other jobs run at the same time, and jobs without an attempt left are dead at once", async () => {
  const store = await storeAfter(3, ["spent-1", "spent-2"]);
  const callback = vi.fn<Callback>(forEver);
  const { receiver, of } = boot({ store, onSucceeded: callback, retry: { maxAttempts: 3 } });
  await receiver.ingest(succeeded("fresh"));
  receiver.start();
  await pass(0);
  expect(of("dead").map(({ jobId }) => jobId)).toEqual(["spent-1", "spent-2"]);
  expect(attemptsIn(callback)).toEqual([["fresh", 1]]);
});

it("a released job takes no slot, and neither drain nor idle waits for it", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0.999);
  const store = await storeAfter(2, JOBS);
  const callback = vi.fn<Callback>(forEver);
  const { receiver } = boot({ store, onSucceeded: callback, limits: { concurrency: 3 } });
  receiver.start();
  await pass(0);
  let idle = false;
  void receiver.idle().then(() => (idle = true));
  await receiver.ingest(succeeded("d"));
  await receiver.ingest(succeeded("e"));
  await receiver.ingest(succeeded("f"));
  await pass(0);
  expect(attemptsIn(callback).map(([, attempt]) => attempt)).toEqual([3, 1, 1]);
  expect(idle).toBe(false);
  expect(await drained(receiver, 1_000)).toEqual({ settled: 0, released: 3, lost: 0 });
  expect(idle).toBe(true);
  expect(await store.stats()).toMatchObject({ pending: 6, leased: 0 });
  vi.restoreAllMocks();
});
