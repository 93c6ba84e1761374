import { expect, it, vi } from "vitest";
import { type HandlerContext, type JobRecord, memoryStore } from "../../src/index.ts";
import { boot, deliver, pass, stored, succeeded, useFakeTime } from "./support.ts";

useFakeTime();
const LEASE_MS = 900;
const fail = (): never => {
  throw new Error("no");
};

it.each([
  ["retried", 2],
  ["dead", 1],
])("nothing is reported as %s after the lease was lost to another instance", async (_, max) => {
  const store = memoryStore();
  const onDead = vi.fn();
  const { receiver, events, warnings } = boot({
    store,
    onDead,
    limits: { leaseMs: LEASE_MS },
    retry: { maxAttempts: max },
    onSucceeded() {
      vi.setSystemTime(Date.now() + LEASE_MS + 1); // the process was paused meanwhile
      void store.claim({ owner: "elsewhere", leaseMs: 60_000, limit: 1 });
      fail();
    },
  });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  expect(warnings()).toEqual(["lease_lost"]);
  expect(events.map(({ type }) => type)).toEqual(["stored", "attempt", "warning"]);
  expect(onDead).not.toHaveBeenCalled();
});

it("the signal says why the attempt was cut off, and is one and the same", async () => {
  const contexts: HandlerContext[] = [];
  const { receiver, of } = boot({
    onSucceeded(_job, ctx) {
      contexts.push(ctx);
      expect(ctx.signal).toBe(ctx.signal);
      return new Promise(() => undefined);
    },
    limits: { handlerTimeoutMs: 500 },
    retry: { maxAttempts: 1 },
  });
  await deliver(receiver, succeeded("a"));
  await pass(501);
  expect(contexts[0]?.signal.reason).toMatchObject({
    name: "AbortError",
    message: "The attempt was cut off: handler_timeout.",
  });
  expect(of("dead")[0]?.error?.message).toBe(
    "The callback ran longer than 500 ms (limits.handlerTimeoutMs).",
  );
});

it("a signal that the callback first reads after its timeout has aborted", async () => {
  let context: HandlerContext | undefined;
  const onSucceeded = (_job: unknown, ctx: HandlerContext) => {
    context = ctx;
    return new Promise<void>(() => undefined);
  };
  const { receiver } = boot({ onSucceeded, limits: { handlerTimeoutMs: 500 } });
  await deliver(receiver, succeeded("a"));
  await pass(501);
  expect(context?.signal).toMatchObject({ aborted: true, reason: { name: "AbortError" } });
});

it("a dead event has no duration where no last attempt was made", async () => {
  const store = memoryStore();
  await store.ingest(stored("a"), { owner: "crashed", leaseMs: 10 });
  await pass(11);
  const { receiver, of } = boot({ store, retry: { maxAttempts: 1 } });
  await receiver.tick();
  expect(of("dead")[0]).not.toHaveProperty("handlerMs");
});

it("a tick waits for an onDead that never ends no longer than for a callback", async () => {
  const store = memoryStore();
  await store.ingest(stored("a"), { owner: "former", leaseMs: 0 });
  const { receiver } = boot({
    store,
    onSucceeded: fail,
    onDead: () => new Promise(() => undefined),
    limits: { handlerTimeoutMs: 500 },
    retry: { maxAttempts: 1 },
  });
  const ended = vi.fn();
  void receiver.tick().then(ended);
  await pass(499);
  expect(ended).not.toHaveBeenCalled();
  await pass(2);
  expect(ended).toHaveBeenCalledTimes(1);
});

it("onDead gets the job as the store has it", async () => {
  const dead: JobRecord[] = [];
  const onDead = (record: JobRecord): void => void dead.push(record);
  const { receiver } = boot({ onSucceeded: fail, onDead, retry: { maxAttempts: 1 } });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  expect(dead).toMatchObject([{ jobId: "a", settledAtMs: expect.any(Number) }]);
});

it("onDead gets what the receiver knows of the job when the store cannot be read", async () => {
  const store = { ...memoryStore(), get: () => Promise.reject(new Error("down")) };
  const dead: JobRecord[] = [];
  const onDead = (record: JobRecord): void => void dead.push(record);
  const { receiver } = boot({ store, onSucceeded: fail, onDead, retry: { maxAttempts: 1 } });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  expect(dead).toEqual([
    {
      jobId: "a",
      state: "dead",
      attempts: 1,
      fence: 1,
      conflicts: 0,
      source: "webhook",
      payload: JSON.stringify(succeeded("a")),
      receivedAtMs: expect.any(Number),
      error: "Error: no",
      result: succeeded("a"),
    },
  ]);
});

it("a tick ends when onDead has ended", async () => {
  const onDead = vi.fn(() => new Promise<void>((resolve) => setTimeout(resolve, 1_000)));
  const store = memoryStore();
  await store.ingest(stored("a"), { owner: "former", leaseMs: 0 });
  const { receiver } = boot({ store, onSucceeded: fail, onDead, retry: { maxAttempts: 1 } });
  let ended = false;
  void receiver.tick().then(() => (ended = true));
  await pass(999);
  expect(onDead).toHaveBeenCalledTimes(1);
  expect(ended).toBe(false);
  await pass(1);
  expect(ended).toBe(true);
});

it("a dead job's result stays: a later one does not replace it, also if no last attempt was made", async () => {
  const store = memoryStore();
  const other = succeeded("a", "https://cdn.test/other.png");
  await store.ingest(stored("a"), { owner: "crashed", leaseMs: 10 });
  await pass(11);
  const { receiver, of } = boot({ store, retry: { maxAttempts: 1 } });
  await receiver.tick();
  expect(of("dead")).toHaveLength(1);
  expect(await deliver(receiver, other)).toMatchObject({
    body: '{"received":true,"conflict":true}',
  });
});
