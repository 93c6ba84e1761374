import { describe, expect, it, vi } from "vitest";
import { memoryStore, type HandlerContext, type JobStore } from "../../src/index.ts";
import {
  boot,
  bodyOf,
  defer,
  deliver,
  pass,
  succeeded,
  useFakeTime,
  watchRejections,
} from "./support.ts";

useFakeTime();
const rejections = watchRejections();

/** A memory store that says it outlives the process, as far as a receiver can tell. */
function durableStore() {
  const store = memoryStore();
  return { ...store, traits: { ...store.traits, durable: true } };
}
const forEver = () => new Promise<void>(() => undefined);

async function drained(receiver: ReturnType<typeof boot>["receiver"], timeoutMs: number) {
  const report = receiver.drain({ timeoutMs });
  let ended = false;
  void report.then(() => (ended = true));
  for (let ms = 0; ms < timeoutMs && !ended; ms += 10) await pass(10);
  expect(ended).toBe(true);
  return report;
}

it("waits for what runs, and reports it", async () => {
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

it("has nothing to wait for when nothing runs", async () => {
  const report = boot().receiver.drain();
  await pass(0);
  expect(await report).toEqual({ settled: 0, released: 0, lost: 0 });
});

it("drains once, however often it is told to", async () => {
  const { receiver } = boot({ onSucceeded: forEver });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  const [first, second] = [receiver.drain({ timeoutMs: 100 }), receiver.drain({ timeoutMs: 9e9 })];
  await pass(100);
  expect(await second).toBe(await first);
});

it("waits without end when told to", async () => {
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

describe("on a durable store", () => {
  it("gives back what outlives the budget, attempt and all, and the signal fires", async () => {
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

  it("stores what comes meanwhile and afterwards, for others to run", async () => {
    const store = durableStore();
    const onSucceeded = vi.fn(forEver);
    const { receiver } = boot({ store, onSucceeded });
    await deliver(receiver, succeeded("a"));
    await pass(1);
    const report = receiver.drain({ timeoutMs: 100 });
    expect(bodyOf(await deliver(receiver, succeeded("b")))).toEqual({ received: true });
    await pass(100);
    await report;
    expect(bodyOf(await deliver(receiver, succeeded("c")))).toEqual({ received: true });
    await pass(60_000);
    expect(onSucceeded).toHaveBeenCalledTimes(1);
    expect(await store.stats()).toMatchObject({ pending: 3 });
  });

  it("gives back a lease that was granted after the budget had ended", async () => {
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

describe("on a store that ends with the process", () => {
  it("runs what waits within the budget, and tries once more what waits for its retry", async () => {
    const handled: string[] = [];
    const { receiver } = boot({
      limits: { concurrency: 2 },
      async onSucceeded({ job_id }, { attempt }) {
        await new Promise((resolve) => void setTimeout(resolve, 10));
        if (job_id === "job_0" && attempt === 1) throw new Error("not yet");
        handled.push(job_id);
      },
    });
    await deliver(receiver, succeeded("job_0"));
    await pass(20);
    for (let i = 1; i < 10; i += 1) await deliver(receiver, succeeded(`job_${i}`));
    const report = await drained(receiver, 10_000);
    expect(report).toEqual({ settled: 10, released: 0, lost: 0 });
    expect(new Set(handled).size).toBe(10);
  });

  it("does so past a callback that hangs, which alone is lost", async () => {
    const { receiver, of, warnings } = boot({
      limits: { concurrency: 2 },
      onSucceeded: ({ job_id }) => (job_id === "hung" ? forEver() : undefined),
    });
    await deliver(receiver, succeeded("hung"));
    for (let i = 0; i < 9; i += 1) await deliver(receiver, succeeded(`job_${i}`));
    const report = await drained(receiver, 1_000);
    expect(report).toMatchObject({ lost: 1 });
    expect(of("done")).toHaveLength(9);
    expect(warnings()).toEqual(["lost_at_drain"]);
  });

  it("reports as lost what did not get its turn, and starts nothing once the budget has ended", async () => {
    const onSucceeded = vi.fn(forEver);
    const { receiver } = boot({ onSucceeded, limits: { concurrency: 1 } });
    for (const id of ["a", "b", "c"]) await deliver(receiver, succeeded(id));
    await pass(1);
    expect(await drained(receiver, 1_000)).toEqual({ settled: 0, released: 0, lost: 3 });
    await pass(60_000);
    expect(onSucceeded).toHaveBeenCalledTimes(1);
  });

  it("turns new results away with a time to come back", async () => {
    const { receiver, of } = boot({ onSucceeded: forEver });
    await deliver(receiver, succeeded("a"));
    const report = receiver.drain({ timeoutMs: 100 });
    const ack = await deliver(receiver, succeeded("b"));
    expect(ack).toMatchObject({ status: 503, headers: { "retry-after": "5" } });
    expect(bodyOf(ack)).toMatchObject({ received: false, error: { code: "draining" } });
    expect(of("refused")).toMatchObject([{ reason: "draining" }]);
    await expect(receiver.ingest(succeeded("b"))).rejects.toMatchObject({ code: "draining" });
    await pass(100);
    await report;
  });
});

it.each([
  ["durable", durableStore()],
  ["memory", memoryStore()],
])("start, tick and idle after a drain run nothing: %s", async (_name, store) => {
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
