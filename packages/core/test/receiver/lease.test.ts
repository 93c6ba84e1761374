import { describe, expect, it, vi } from "vitest";
import { type HandlerContext, type JobStore, memoryStore } from "../../src/index.ts";
import {
  boot,
  defer,
  deliver,
  forEver,
  pass,
  stored,
  succeeded,
  useFakeTime,
  watchRejections,
} from "./support.ts";

useFakeTime();
const rejections = watchRejections();
const LEASE_MS = 900;
const limits = { leaseMs: LEASE_MS, concurrency: 1 };
const elsewhere = { owner: "elsewhere", leaseMs: 60_000, limit: 1 };

/** A callback that runs until the test ends it, and a record of the settlements. */
function running(store: JobStore = memoryStore(), concurrency = 1) {
  const gate = defer();
  const seen: { signal?: AbortSignal } = {};
  const settle = vi.fn(store.settle);
  const onSucceeded = vi.fn((_job: unknown, { signal }: HandlerContext) => {
    seen.signal ??= signal;
    return gate.promise;
  });
  const booted = boot({
    store: { ...store, settle },
    onSucceeded,
    limits: { ...limits, concurrency },
  });
  const extensions = () => settle.mock.calls.filter(([, s]) => s.to === "extend");
  return { ...booted, store, gate, seen, settle, onSucceeded, extensions };
}

it("the lease is extended at every third of its time while the callback runs", async () => {
  const { receiver, gate, extensions, of, store } = running();
  await deliver(receiver, succeeded("a"));
  await pass(299);
  expect(extensions()).toHaveLength(0);
  await pass(2);
  expect(extensions()).toEqual([
    [expect.objectContaining({ jobId: "a", fence: 1 }), { to: "extend", leaseMs: LEASE_MS }],
  ]);
  await pass(10 * LEASE_MS);
  expect(extensions()).toHaveLength(31);
  expect(await store.claim(elsewhere)).toEqual([]);

  gate.resolve();
  await pass(LEASE_MS);
  expect(extensions()).toHaveLength(31);
  expect(of("done")).toHaveLength(1);
});

it("a lease counts as lost when its time is over: the signal aborts and nothing is recorded", async () => {
  const { receiver, settle, seen, gate, of, warnings, store } = running();
  settle.mockRejectedValue(new Error("unreachable"));
  await deliver(receiver, succeeded("a"));
  await pass(1);
  const { signal } = seen;
  expect(signal?.aborted).toBe(false);
  await pass(LEASE_MS);
  expect(signal?.aborted).toBe(true);
  expect(warnings()).toEqual(["lease_lost"]);
  expect(await store.get("a")).toMatchObject({ state: "leased", fence: 2, attempts: 2 });

  settle.mockImplementation(store.settle);
  gate.resolve();
  await pass(LEASE_MS);
  expect(of("done")).toMatchObject([{ attempt: 2 }]);
  expect(await store.get("a")).toMatchObject({ state: "done", fence: 2 });
});

it("the time of a lease counts from when it was asked for, not from the answer of the store", async () => {
  const inner = memoryStore();
  const ingest: JobStore["ingest"] = async (delivery, o) => {
    const reply = await inner.ingest(delivery, o);
    await new Promise<void>((resolve) => void setTimeout(resolve, 100));
    return reply;
  };
  const { receiver, settle, seen } = running({ ...inner, ingest });
  settle.mockRejectedValue(new Error("unreachable"));
  const delivered = deliver(receiver, succeeded("a"));
  await pass(100);
  await delivered;
  await pass(LEASE_MS - 101);
  expect(seen.signal?.aborted).toBe(false);
  await pass(2);
  expect(seen.signal?.aborted).toBe(true);
});

describe("when the store's clock goes ahead while a callback runs", () => {
  function ahead(traits: Partial<JobStore["traits"]> = {}) {
    let aheadMs = 0;
    const inner = memoryStore({ clock: () => Date.now() + aheadMs });
    const store = { ...inner, traits: { ...inner.traits, ...traits } };
    const booted = running(store, 4);
    /** The row's lease is over for the store, so this worker claims it again. */
    const claimAgain = async () => {
      aheadMs += 2 * LEASE_MS;
      void booted.receiver.tick();
      await pass(1);
    };
    return { ...booted, claimAgain };
  }

  it.each([false, true])(
    "the callback goes on under the newer lease, and no second one runs beside it: durable %s",
    async (durable) => {
      const { receiver, store, gate, seen, onSucceeded, extensions, warnings, of, claimAgain } =
        ahead({ durable });
      await deliver(receiver, succeeded("a"));
      await pass(1);
      for (let times = 0; times < 3; times += 1) await claimAgain();
      expect(await store.get("a")).toMatchObject({ state: "leased", fence: 4, attempts: 4 });
      await pass(2 * LEASE_MS);
      expect(onSucceeded).toHaveBeenCalledTimes(1);
      expect(seen.signal?.aborted).toBe(false);
      expect(extensions().at(-1)?.[0]).toMatchObject({ fence: 4 });

      gate.resolve();
      await receiver.idle();
      expect(await store.get("a")).toMatchObject({ state: "done", fence: 4 });
      expect(of("done")).toMatchObject([{ jobId: "a", attempt: 4 }]);
      expect(warnings()).not.toContain("lease_lost");
      expect(await receiver.drain()).toMatchObject({ released: 0, lost: 0 });
    },
  );

  it("a refusal of an extension that was sent under the older lease means nothing", async () => {
    const { receiver, store, settle, seen, gate, of, claimAgain } = ahead();
    const sent = defer();
    settle.mockImplementationOnce(async (lease, settlement) => {
      await sent.promise;
      return store.settle(lease, settlement);
    });
    await deliver(receiver, succeeded("a"));
    await pass(LEASE_MS / 3 + 1);
    await claimAgain();
    sent.resolve();
    await pass(1);
    expect(seen.signal?.aborted).toBe(false);
    gate.resolve();
    await pass(1);
    expect(of("done")).toHaveLength(1);
  });

  it("the newer lease is run if the own lease is over as well, as after a freeze of the process", async () => {
    let frozenMs = 0;
    const clock = () => Date.now() + frozenMs;
    const onSucceeded = vi.fn(forEver);
    const { receiver } = boot({
      clock,
      store: memoryStore({ clock }),
      limits: { leaseMs: LEASE_MS },
      onSucceeded,
    });
    await deliver(receiver, succeeded("a"));
    await pass(1);
    frozenMs += LEASE_MS;
    void receiver.tick();
    await pass(1);
    expect(onSucceeded).toHaveBeenCalledTimes(2);
  });

  it("the outcome is settled under the newer lease", async () => {
    const { receiver, settle, store, onSucceeded, gate, claimAgain } = ahead();
    await deliver(receiver, succeeded("a"));
    await pass(1);
    await claimAgain();
    settle.mockClear();
    gate.resolve();
    await pass(1);
    expect(settle.mock.calls).toMatchObject([[{ fence: 2 }, { to: "done" }]]);
    expect(onSucceeded).toHaveBeenCalledTimes(1);
    expect(await store.get("a")).toMatchObject({ state: "done" });
  });
});

it("a refused extension means a lost lease: the slot is free", async () => {
  const { receiver, settle, seen, warnings, onSucceeded } = running();
  settle.mockImplementation(async (_lease, s) => s.to !== "extend");
  await deliver(receiver, succeeded("a"));
  await pass(LEASE_MS / 3 + 1);
  expect(seen.signal?.aborted).toBe(true);
  expect(warnings()).toEqual(["lease_lost"]);
  await deliver(receiver, succeeded("b"));
  await pass(1);
  expect(onSucceeded).toHaveBeenCalledTimes(2);
});

describe("a store that once fails to extend", () => {
  it.each<[name: string, extend: () => Promise<boolean>]>([
    ["by rejecting", () => Promise.reject(new Error("down"))],
    [
      "by throwing",
      () => {
        throw new Error("down");
      },
    ],
    ["by its silence", () => new Promise(() => undefined)],
  ])("%s loses no lease", async (_name, extend) => {
    const { receiver, settle, gate, of, warnings, store } = running();
    settle.mockImplementationOnce(extend);
    await deliver(receiver, succeeded("a"));
    await pass(4 * LEASE_MS);
    expect(await store.claim(elsewhere)).toEqual([]);
    gate.resolve();
    await pass(1);
    expect(of("done")).toHaveLength(1);
    expect(warnings()).toEqual([]);
    expect(rejections).toEqual([]);
  });
});

it("nothing is recorded for a callback that ended after another instance got its lease", async () => {
  const store = memoryStore();
  const { receiver, of, warnings } = boot({
    store,
    limits,
    onSucceeded() {
      vi.setSystemTime(Date.now() + LEASE_MS + 1); // the process was paused meanwhile
      void store.claim(elsewhere);
    },
  });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  expect(of("done")).toEqual([]);
  expect(warnings()).toEqual(["lease_lost"]);
  expect(await store.get("a")).toMatchObject({ state: "leased", fence: 2 });
});

it("the jobs of a process that died are claimed, and its attempt counts", async () => {
  const store = memoryStore();
  await store.ingest(stored("a"), { owner: "gone", leaseMs: LEASE_MS });
  const seen: number[] = [];
  const { receiver } = boot({
    store,
    onSucceeded: (_job, ctx) => void seen.push(ctx.attempt, ctx.fence),
  });
  receiver.start();
  await pass(LEASE_MS - 1);
  expect(seen).toEqual([]);
  await pass(2);
  expect(seen).toEqual([2, 2]);
});

it("does not run a lease that was granted after its end; the next claim runs the job", async () => {
  const inner = memoryStore();
  const fences: number[] = [];
  const ingest: typeof inner.ingest = async (delivery, o) => {
    const reply = await inner.ingest(delivery, o);
    await new Promise((resolve) => setTimeout(resolve, LEASE_MS));
    return reply;
  };
  const { receiver, of, warnings } = boot({
    store: { ...inner, ingest },
    limits,
    onSucceeded: (_job, ctx) => void fences.push(ctx.fence),
  });
  const delivered = deliver(receiver, succeeded("a"));
  await pass(LEASE_MS);
  expect((await delivered).status).toBe(200);
  await pass(1);
  expect(fences).toEqual([2]);
  expect(of("done")).toMatchObject([{ attempt: 2 }]);
  expect(warnings()).toEqual([]);
});

it("leaves the signal of a callback alone that ended before its extension was refused", async () => {
  const { receiver, settle, seen, gate, of, warnings } = running();
  const refused = defer<boolean>();
  settle.mockImplementationOnce(() => refused.promise);
  await deliver(receiver, succeeded("a"));
  await pass(LEASE_MS / 3);
  gate.resolve();
  await pass(1);
  expect(of("done")).toHaveLength(1);
  refused.resolve(false);
  await pass(1);
  expect(seen.signal?.aborted).toBe(false);
  expect(warnings()).toEqual([]);
});
