import { describe, expect, it, vi } from "vitest";
import { type HandlerContext, type JobStore, memoryStore } from "../../src/index.ts";
import {
  bodyOf,
  boot,
  defer,
  deliver,
  drained,
  durableStore,
  forEver,
  pass,
  succeeded,
  useFakeTime,
  watchRejections,
} from "./support.ts";

useFakeTime();
const rejections = watchRejections();

it("a drain waits for running callbacks, and reports them", async () => {
  const gate = defer();
  const { receiver, of } = boot({ onSucceeded: () => gate.promise });
  await deliver(receiver, succeeded("a"));
  await deliver(receiver, succeeded("b"));
  await pass(1);
  const report = receiver.drain({ timeoutMs: 1_000 });
  await pass(500);
  gate.resolve();
  await pass(1);
  expect(await report).toEqual({ settled: 2, released: 0, lost: 0 });
  expect(of("done")).toHaveLength(2);
});

it("a drain lasts ten seconds at the most, where no other timeout is given", async () => {
  const { receiver } = boot({ onSucceeded: forEver });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  const ended = vi.fn();
  void receiver.drain().then(ended);
  await pass(8_999);
  expect(ended).not.toHaveBeenCalled();
  await pass(1_001);
  expect(ended).toHaveBeenCalledTimes(1);
});

it("a drain ends at once when nothing runs", async () => {
  const report = boot().receiver.drain();
  await pass(0);
  expect(await report).toEqual({ settled: 0, released: 0, lost: 0 });
});

it("several calls are one drain", async () => {
  const { receiver } = boot({ onSucceeded: forEver });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  const [first, second] = [receiver.drain({ timeoutMs: 100 }), receiver.drain({ timeoutMs: 9e9 })];
  await pass(100);
  expect(await second).toBe(await first);
});

it("a drain with an impossible timeout is refused, and the receiver goes on", async () => {
  const { receiver } = boot();
  await expect(receiver.drain({ timeoutMs: -1 })).rejects.toThrow(
    "Expected `timeoutMs` to be a number of milliseconds of at least 0, got -1.",
  );
  expect((await deliver(receiver, succeeded("a"))).status).toBe(200);
});

it("a drain without a timeout waits for ever", async () => {
  const gate = defer();
  const { receiver } = boot({ onSucceeded: () => gate.promise });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  const report = receiver.drain({ timeoutMs: Infinity });
  await pass(100_000);
  gate.resolve();
  await pass(1);
  expect(await report).toMatchObject({ settled: 1 });
});

it("a drain counts what ended during it: done, due again and dead, and nothing from before", async () => {
  const gate = defer();
  const { receiver, of } = boot({
    store: durableStore(),
    retry: { maxAttempts: 2, minDelayMs: 60_000 },
    async onSucceeded({ job_id }, { attempt }) {
      if (job_id === "before") return;
      if (job_id === "dead" && attempt === 1) throw new Error("no");
      await gate.promise;
      if (job_id !== "done") throw new Error("no");
    },
  });
  for (const id of ["before", "dead"]) await deliver(receiver, succeeded(id));
  await pass(60_000);
  for (const id of ["done", "retry"]) await deliver(receiver, succeeded(id));
  await pass(1);
  const report = receiver.drain();
  gate.resolve();
  await pass(1);
  expect(await report).toEqual({ settled: 3, released: 0, lost: 0 });
  expect([of("done").length, of("dead").length, of("retry").length]).toEqual([2, 1, 2]);
});

describe("a drain on a durable store", () => {
  it.each([
    [1_000, 900],
    [20_000, 19_000],
  ])("of %i ms aborts callbacks after %i ms, and so has time to release", async (timeoutMs, ms) => {
    const onSucceeded = (_job: unknown, { signal }: HandlerContext) => {
      signal.addEventListener("abort", () => (abortedAtMs = Date.now()));
      return forEver();
    };
    let abortedAtMs = 0;
    const { receiver } = boot({ store: durableStore(), onSucceeded });
    await deliver(receiver, succeeded("a"));
    await pass(1);
    const beganAtMs = Date.now();
    void receiver.drain({ timeoutMs });
    await pass(timeoutMs);
    expect(abortedAtMs - beganAtMs).toBe(ms);
  });

  it("ends at its timeout although the store does not answer", async () => {
    const store = { ...durableStore(), settle: () => new Promise<boolean>(() => undefined) };
    const { receiver } = boot({ store, onSucceeded: forEver });
    await deliver(receiver, succeeded("a"));
    await pass(1);
    expect(await drained(receiver, 1_000)).toEqual({ settled: 0, released: 0, lost: 0 });
  });

  it("releases at the timeout what still runs, counts no attempt, and aborts the signal", async () => {
    const store = durableStore();
    let signal: AbortSignal | undefined;
    const onSucceeded = (_job: unknown, ctx: HandlerContext) => ((signal = ctx.signal), forEver());
    const { receiver, warnings } = boot({ store, onSucceeded, limits: { concurrency: 1 } });
    await deliver(receiver, succeeded("hung"));
    await deliver(receiver, succeeded("waiting"));
    await pass(1);
    const report = await drained(receiver, 1_000);
    expect(report).toEqual({ settled: 0, released: 1, lost: 0 });
    expect(signal?.aborted).toBe(true);
    expect(await store.get("hung")).toMatchObject({
      state: "pending",
      attempts: 0,
      dueInMs: expect.any(Number),
    });
    expect(await store.get("waiting")).toMatchObject({ state: "pending", attempts: 0 });
    expect(warnings()).not.toContain("lost_at_drain");
    expect(await store.claim({ owner: "next", leaseMs: 1, limit: 9 })).toMatchObject([
      { attempt: 1 },
      { attempt: 1 },
    ]);
  });

  it("stores results that arrive during and after it, for other instances", async () => {
    const store = durableStore();
    const onSucceeded = vi.fn(forEver);
    const { receiver } = boot({ store, onSucceeded });
    const before = await deliver(receiver, succeeded("a"));
    expect(before.headers).not.toHaveProperty("connection");
    await pass(1);
    const report = receiver.drain({ timeoutMs: 100 });
    const meanwhile = await deliver(receiver, succeeded("b"));
    expect(bodyOf(meanwhile)).toEqual({ received: true });
    expect(meanwhile.headers).toHaveProperty("connection", "close");
    expect(await receiver.tick()).toMatchObject({ claimed: 0 });
    await pass(100);
    await report;
    expect(bodyOf(await deliver(receiver, succeeded("c")))).toEqual({ received: true });
    await pass(60_000);
    expect(onSucceeded).toHaveBeenCalledTimes(1);
    expect(await store.stats()).toMatchObject({ pending: 3 });
  });

  it("releases a lease that was granted after the timeout", async () => {
    const store = durableStore();
    const gate = defer();
    const claim: JobStore["claim"] = async (o) => {
      const leases = await store.claim(o);
      await gate.promise;
      return leases;
    };
    const onSucceeded = vi.fn();
    const { receiver } = boot({ store: { ...store, claim }, onSucceeded });
    await store.ingest(
      { jobId: "a", payload: JSON.stringify(succeeded("a")), fingerprint: "1", source: "manual" },
      { owner: "x", leaseMs: 0 },
    );
    receiver.start();
    await pass(1);
    await drained(receiver, 200);
    gate.resolve();
    await pass(1);
    expect(onSucceeded).not.toHaveBeenCalled();
    expect(await store.get("a")).toMatchObject({ state: "pending", attempts: 0 });
  });
});

it("the connection of a body that was not read stays open", async () => {
  const { receiver } = boot({ auth: { admit: () => false } });
  void receiver.drain({ timeoutMs: 100 });
  const { status, headers } = await deliver(receiver, succeeded("a"));
  expect([status, headers["connection"]]).toEqual([401, undefined]);
  await pass(100);
});

it.each([
  ["durable", durableStore()],
  ["memory", memoryStore()],
])("start, tick and idle run nothing after a drain: %s", async (_name, store) => {
  const onSucceeded = vi.fn(forEver);
  const { receiver } = boot({ store, onSucceeded });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  await drained(receiver, 100);
  receiver.start();
  await receiver.idle();
  expect(await receiver.tick()).toMatchObject({ claimed: 0 });
  await pass(120_000);
  expect(onSucceeded).toHaveBeenCalledTimes(1);
  expect(rejections).toEqual([]);
});
