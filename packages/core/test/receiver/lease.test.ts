import { describe, expect, it, vi } from "vitest";
import { type HandlerContext, type JobStore, memoryStore } from "../../src/index.ts";
import {
  boot,
  defer,
  deliver,
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
function running(store: JobStore = memoryStore()) {
  const gate = defer();
  const seen: { signal?: AbortSignal } = {};
  const settle = vi.fn(store.settle);
  const onSucceeded = vi.fn((_job: unknown, { signal }: HandlerContext) => {
    seen.signal ??= signal;
    return gate.promise;
  });
  const booted = boot({ store: { ...store, settle }, onSucceeded, limits });
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
