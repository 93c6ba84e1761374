import { describe, expect, it, vi } from "vitest";
import { type JobStore, memoryStore } from "../../src/index.ts";
import { fakeApi } from "./fake-api.ts";
import { boot, deliver, forEver, pass, post, succeeded, useFakeTime } from "./support.ts";

useFakeTime();

/** A store that counts its calls, and that is down while the test says so. */
function counted(inner: JobStore = memoryStore()) {
  const state = { down: false };
  const calls: string[] = [];
  const members = Object.entries(inner).map(([name, member]: [string, unknown]) => {
    if (typeof member !== "function") return [name, member];
    const call = (...args: unknown[]): unknown => {
      calls.push(name);
      if (state.down) return Promise.reject(new Error("connection refused"));
      return member(...args);
    };
    return [name, call];
  });
  const store = Object.fromEntries(members) as JobStore;
  const count = (name: string) => calls.filter((call) => call === name).length;
  return { store, state, calls, count };
}

const left = (jobId: string) =>
  ({
    jobId,
    payload: JSON.stringify(succeeded(jobId)),
    fingerprint: "1-a",
    source: "webhook",
  }) as const;

it("the receiver does nothing before the first delivery", async () => {
  const { store, calls } = counted();
  boot({ store });
  await pass(3_600_000);
  expect(calls).toEqual([]);
});

it("the receiver leaves the store alone when nothing waits, whether start() was called or not", async () => {
  const { store, calls } = counted();
  const { receiver } = boot({ store });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  calls.length = 0;
  await pass(3_600_000);
  expect(calls).toEqual([]);
});

it("start() claims the jobs of an earlier process, waiting or leased", async () => {
  const store = memoryStore();
  await store.ingest(left("waiting"), { owner: "former", leaseMs: 0 });
  await store.ingest(left("leased"), { owner: "former", leaseMs: 5_000 });
  const { receiver, of } = boot({ store });
  receiver.start();
  await pass(1);
  expect(of("done").map((event) => event.jobId)).toEqual(["waiting"]);
  await pass(5_000);
  expect(of("done").map((event) => event.jobId)).toEqual(["waiting", "leased"]);
});

it("a job that another instance leaves later is found within half a minute", async () => {
  const store = memoryStore();
  const { receiver, of } = boot({ store });
  receiver.start();
  await pass(1_000);
  await store.ingest(left("a"), { owner: "other", leaseMs: 1_000 });
  await pass(31_000);
  expect(of("done")).toMatchObject([{ jobId: "a", attempt: 2 }]);
});

it("a job is claimed as soon as another instance's lease ends, also where leases are short", async () => {
  const store = memoryStore();
  const { receiver, of } = boot({ store, limits: { leaseMs: 2_000 } });
  receiver.start();
  await pass(1_000);
  await store.ingest(left("a"), { owner: "other", leaseMs: 2_000 });
  await pass(2_001);
  expect(of("done")).toMatchObject([{ jobId: "a", attempt: 2 }]);
});

it("a quiet store is asked about three times in half a minute, not more", async () => {
  const { store, calls, count } = counted();
  const { receiver } = boot({ store });
  receiver.start();
  receiver.start();
  await pass(10 * 30_000 - 1);
  expect(count("claim")).toBe(10);
  // One more call, at the start, asks whether the store is ready.
  expect(calls.length).toBe(31);
});

/** A store that notes when it was asked to claim, in seconds from now. Calls of one time count once. */
function timed(inner: JobStore) {
  const bornAtMs = Date.now();
  const times = new Set<number>();
  const claim: JobStore["claim"] = (o) => {
    times.add((Date.now() - bornAtMs) / 1_000);
    return inner.claim(o);
  };
  return { store: { ...inner, claim }, seconds: () => [...times] };
}

it.each(["start", "redrive"] as const)(
  "a row that is due and cannot be claimed is tried less and less often after %s()",
  async (begin) => {
    const { store, seconds } = timed({
      ...memoryStore(),
      claim: async () => [],
      nextDueInMs: async () => 0,
      redrive: async () => true,
    } as JobStore);
    await boot({ store }).receiver[begin]("a");
    await pass(100_000);
    expect(seconds()).toEqual([0, 2, 6, 14, 30, 60, 90]);
  },
);

it("such a row is tried after a second, where another row could be claimed", async () => {
  const inner = memoryStore();
  await inner.ingest(left("a"), { owner: "former", leaseMs: 0 });
  const { store, seconds } = timed({ ...inner, nextDueInMs: async () => 0 });
  boot({ store }).receiver.start();
  await pass(4_000);
  expect(seconds()).toEqual([0, 1, 3]);
});

it("a started receiver whose slots are all taken leaves the store alone", async () => {
  const { store, calls } = counted();
  const { receiver } = boot({ store, limits: { concurrency: 1 }, onSucceeded: forEver });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  receiver.start();
  await pass(1);
  calls.length = 0;
  await pass(100_000);
  // The heartbeat of the running callback is all that remains.
  expect(new Set(calls)).toEqual(new Set(["settle"]));
});

it.each([{}, { client: fakeApi().client }])(
  "a receiver that was not started checks once after a redrive, and then leaves the store alone: %j",
  async (options) => {
    const { store, calls } = counted({ ...memoryStore(), redrive: async () => true } as JobStore);
    const { receiver } = boot({ store, ...options });
    await receiver.redrive("a");
    await pass(1);
    expect(calls).toContain("nextDueInMs");
    calls.length = 0;
    await pass(3_600_000);
    expect(calls).toEqual([]);
  },
);

it("the loop goes on when a callback begins during a claim and takes the last slot", async () => {
  const store = memoryStore();
  const ran: string[] = [];
  let duringClaim = (): unknown => undefined;
  const claim: JobStore["claim"] = async (o) => {
    duringClaim();
    await new Promise<void>((resolve) => void setTimeout(resolve, 5));
    return store.claim(o);
  };
  const { receiver } = boot({
    store: { ...store, claim },
    limits: { concurrency: 1, leaseMs: 1_000 },
    retry: { minDelayMs: 4_000, maxDelayMs: 4_000 },
    onSucceeded: async ({ job_id: jobId }) => {
      ran.push(jobId);
      if (ran.length === 1) throw new Error("not yet");
      await new Promise<void>((resolve) => void setTimeout(resolve, 100));
    },
  });
  receiver.start();
  await pass(50);
  await deliver(receiver, succeeded("a"));
  await pass(100);
  const ack = await receiver.handle(post(succeeded("b")));
  duringClaim = () => {
    duringClaim = () => undefined;
    void ack.work?.();
  };
  await pass(10_000);
  expect(ran).toEqual(["a", "b", "a"]);
});

it("a redrive of a job that is not dead leaves the store alone", async () => {
  const { store, calls } = counted();
  const { receiver } = boot({ store });
  expect(await receiver.redrive("a")).toBe(false);
  await pass(3_600_000);
  expect(calls).toEqual(["redrive"]);
});

it("no check begins during another one, and one follows it", async () => {
  const store = { ...memoryStore(), redrive: async () => true };
  const claim = vi.fn(store.claim);
  const nextDueInMs = vi.fn(
    () => new Promise<undefined>((resolve) => setTimeout(resolve, 100, undefined)),
  );
  const { receiver } = boot({ store: { ...store, claim, nextDueInMs } });
  for (const ms of [1, 1, 97]) {
    await receiver.redrive("a");
    await pass(ms);
  }
  expect(claim).toHaveBeenCalledTimes(1);
  await pass(1_000);
  expect(claim).toHaveBeenCalledTimes(2);
});

it("a row that another process makes due is claimed soon, however often the loop found nothing before", async () => {
  // Another instance extends its lease each time it nearly ends, and then stops.
  const store = memoryStore();
  await store.ingest(left("a"), { owner: "other", leaseMs: 100 });
  const nextDueInMs = vi.fn(store.nextDueInMs);
  const extended = 20;
  const claim = vi.fn(store.claim);
  claim.mockImplementationOnce(async () => []);
  for (let times = 0; times < extended; times += 1) {
    claim.mockImplementationOnce(async () => []);
    nextDueInMs.mockImplementationOnce(async () => (times < extended - 1 ? 100 : 0));
  }
  const { receiver, of } = boot({ store: { ...store, claim, nextDueInMs } });
  receiver.start();
  await pass(extended * 100 + 2_000);
  expect(of("done")).toMatchObject([{ jobId: "a", attempt: 2 }]);
});

it("a row that falls due between a claim and the read of the next due time is claimed at once", async () => {
  let nowMs = 1_000;
  const clock = (): number => nowMs;
  const inner = memoryStore({ clock });
  // The read takes as long as the row still has to wait.
  const nextDueInMs = vi.fn(inner.nextDueInMs).mockImplementationOnce(() => {
    nowMs += 50;
    return inner.nextDueInMs();
  });
  const lease = await inner.ingest(left("a"), { owner: "former", leaseMs: 50 });
  expect(lease).toMatchObject({ kind: "leased" });
  const { store, seconds } = timed({ ...inner, nextDueInMs });
  const { receiver, of } = boot({ store, clock });
  receiver.start();
  await pass(1);
  expect(of("done")).toMatchObject([{ jobId: "a" }]);
  // Its due time is over: the next check comes at the usual time.
  await pass(25_000);
  expect(seconds()).toEqual([0]);
});

it("a retry that falls due during a check whose answer is older runs when the check ends", async () => {
  const inner = memoryStore();
  const nextDueInMs = vi.fn(inner.nextDueInMs).mockImplementationOnce(async () => {
    const dueInMs = await inner.nextDueInMs();
    await new Promise((resolve) => setTimeout(resolve, 200));
    return dueInMs;
  });
  const onSucceeded = vi.fn().mockRejectedValueOnce(new Error("not yet"));
  const { receiver, of } = boot({
    store: { ...inner, nextDueInMs },
    onSucceeded,
    retry: { minDelayMs: 50, maxDelayMs: 50 },
  });
  receiver.start();
  await pass(1);
  expect(nextDueInMs).toHaveBeenCalledTimes(1);
  await deliver(receiver, succeeded("a"));
  await pass(100);
  expect(of("retry")).toHaveLength(1);
  await pass(200);
  expect(of("done")).toMatchObject([{ jobId: "a", attempt: 2 }]);
});

it("a due retry runs although another due row cannot be claimed", async () => {
  const store = { ...memoryStore(), nextDueInMs: async () => 0 };
  const sleep = (ms: number) =>
    new Promise<undefined>((resolve) => setTimeout(resolve, ms, undefined));
  const onSucceeded = vi
    .fn(async () => undefined)
    .mockImplementationOnce(() => sleep(10).then(() => Promise.reject(new Error("not yet"))))
    // The loop passes when it ends, and finds only what cannot be claimed.
    .mockImplementationOnce(() => sleep(50));
  const { receiver, of } = boot({
    store,
    onSucceeded,
    limits: { concurrency: 1 },
    retry: { minDelayMs: 200, maxDelayMs: 200 },
  });
  await deliver(receiver, succeeded("a"));
  await pass(0);
  await deliver(receiver, succeeded("b"));
  await pass(250);
  expect(of("done").map(({ jobId }) => jobId)).toEqual(["b", "a"]);
});

describe("while the store is down", () => {
  it("the pauses between claims grow to half a minute, and begin anew in the next outage", async () => {
    const state = { down: true };
    const inner = memoryStore();
    const { store, seconds } = timed({
      ...inner,
      claim: (o) => (state.down ? Promise.reject(new Error("down")) : inner.claim(o)),
    });
    boot({ store }).receiver.start();
    await pass(92_000);
    expect(seconds()).toEqual([0, 1, 3, 7, 15, 31, 61, 91]);
    state.down = false;
    await pass(30_000);
    state.down = true;
    await pass(33_000);
    expect(seconds().slice(8)).toEqual([121, 151, 152, 154]);
  });

  it("it is asked less and less often, one warning is emitted, and claims continue when it answers", async () => {
    const inner = memoryStore();
    const { store, state, count } = counted(inner);
    const { receiver, of, warnings } = boot({ store });
    state.down = true;
    receiver.start();
    await pass(600_000);
    expect(warnings()).toEqual(["store_unavailable"]);
    expect(count("claim")).toBeLessThanOrEqual(30);
    await inner.ingest(left("a"), { owner: "other", leaseMs: 0 });
    state.down = false;
    await pass(30_000);
    expect(of("done")).toMatchObject([{ jobId: "a" }]);

    state.down = true;
    await pass(120_000);
    expect(warnings()).toHaveLength(2);
  });

  it("one warning is emitted where only some of its methods fail", async () => {
    const { store, count } = counted({
      ...memoryStore(),
      prune: () => Promise.reject(new Error("denied")),
    });
    const { receiver, warnings } = boot({ store });
    receiver.start();
    await pass(600_000);
    expect(warnings()).toEqual(["store_unavailable"]);
    expect(count("prune")).toBeLessThanOrEqual(30);
  });

  it("a claim that is never answered does not stop the loop for ever", async () => {
    const store = memoryStore();
    const claim = vi.fn(store.claim).mockImplementationOnce(() => new Promise(() => undefined));
    await store.ingest(left("a"), { owner: "former", leaseMs: 0 });
    const { receiver, of } = boot({ store: { ...store, claim } });
    receiver.start();
    await pass(10_000);
    expect(of("done")).toMatchObject([{ jobId: "a" }]);
  });

  it("leases whose reply came after the timeout are run", async () => {
    const store = memoryStore();
    const claim = vi.fn(store.claim).mockImplementationOnce(async (o) => {
      const leases = await store.claim(o);
      await new Promise((resolve) => void setTimeout(resolve, 6_000));
      return leases;
    });
    await store.ingest(left("a"), { owner: "former", leaseMs: 0 });
    const onSucceeded = vi.fn().mockReturnValueOnce(undefined).mockImplementation(forEver);
    const { receiver, of } = boot({
      store: { ...store, claim },
      onSucceeded,
      limits: { concurrency: 1 },
    });
    receiver.start();
    await pass(10_000);
    expect(of("done")).toMatchObject([{ jobId: "a", attempt: 1 }]);
    await deliver(receiver, succeeded("b"));
    await pass(1);
    await deliver(receiver, succeeded("c"));
    expect(await store.get("c")).toMatchObject({ state: "pending" });
  });
});

it("rows whose retention has ended are pruned", async () => {
  const store = memoryStore({ doneTtlMs: 60_000 });
  const prune = vi.fn(store.prune);
  const { receiver } = boot({ store: { ...store, prune } });
  receiver.start();
  await deliver(receiver, succeeded("a"));
  await pass(100_000);
  const pruned = await Promise.all(prune.mock.results.map(({ value }) => value as Promise<number>));
  expect(pruned.filter((rows) => rows > 0)).toEqual([1]);
});

it.each([
  [10_000, [0, 20_000, 40_000]],
  [15_000, [0, 15_000, 30_000, 45_000]],
])(
  "with a check each %i ms, rows are pruned a thousand at a time at %j",
  async (leaseMs, times) => {
    const store = memoryStore();
    const bornAtMs = Date.now();
    const prunes: unknown[] = [];
    const prune: JobStore["prune"] = (o) => {
      prunes.push([Date.now() - bornAtMs, o]);
      return store.prune(o);
    };
    boot({ store: { ...store, prune }, limits: { leaseMs } }).receiver.start();
    await pass(45_000);
    expect(prunes).toEqual(times.map((atMs) => [atMs, { limit: 1_000 }]));
  },
);

it("rows are not pruned by every claim, however many claims there are", async () => {
  const { store, count } = counted();
  const { receiver } = boot({
    store,
    onSucceeded: () => Promise.reject(new Error("not yet")),
    retry: { maxAttempts: 9, minDelayMs: 100, maxDelayMs: 100 },
  });
  receiver.start();
  await deliver(receiver, succeeded("a"));
  await pass(10_000);
  expect(count("claim")).toBeGreaterThan(8);
  expect(count("prune")).toBe(1);
});
