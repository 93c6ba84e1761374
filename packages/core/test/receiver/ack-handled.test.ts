import { describe, expect, it, vi } from "vitest";
import { type Ack, type HttpDelivery, memoryStore } from "../../src/index.ts";
import {
  bodyOf,
  boot,
  defer,
  deliver,
  durableStore,
  failed,
  forEver,
  pass,
  post,
  succeeded,
  useFakeTime,
} from "./support.ts";

useFakeTime();
const later = { status: 503, headers: { "retry-after": "5" } };

function watch(ack: Promise<Ack>) {
  const seen: { ack?: Ack } = {};
  void ack.then((answer) => (seen.ack = answer));
  return seen;
}

it("the receiver answers 200 only after the callback has succeeded", async () => {
  const gate = defer();
  const { receiver, of } = boot({ ack: "handled", onSucceeded: () => gate.promise });
  const seen = watch(deliver(receiver, succeeded("a")));
  await pass(5_000);
  expect(seen.ack).toBeUndefined();
  gate.resolve();
  await pass(1);
  expect(seen.ack).toMatchObject({ status: 200, body: '{"received":true}' });
  expect(seen.ack?.work).toBeUndefined();
  expect(of("stored")).toMatchObject([{ status: 200, ackMs: 5_000 }]);
});

it("it answers 503 when the callback fails, and a redelivery runs the callback at once", async () => {
  const onSucceeded = vi.fn().mockRejectedValueOnce(new Error("no"));
  const { receiver } = boot({ ack: "handled", onSucceeded, retry: { minDelayMs: 3_000_000 } });
  const first = await deliver(receiver, succeeded("a"));
  expect(first).toMatchObject(later);
  expect(first).not.toHaveProperty("work");
  expect(bodyOf(first)).toMatchObject({ received: false, error: { code: "not_handled" } });
  expect(await deliver(receiver, succeeded("a"))).toMatchObject({
    status: 200,
    body: '{"received":true}',
  });
  expect(onSucceeded.mock.calls).toMatchObject([{}, {}]);
  expect(onSucceeded.mock.calls.map(([, ctx]) => ctx.attempt)).toEqual([1, 2]);
});

it("only a run after the backoff counts as an attempt, however often the sender redelivers before", async () => {
  let broken = true;
  const onSucceeded = vi.fn(() => (broken ? Promise.reject(new Error("no queue")) : undefined));
  const retry = { maxAttempts: 3, minDelayMs: 60_000 };
  const store = memoryStore();
  const { receiver, of } = boot({ ack: "handled", store, onSucceeded, retry });
  const row = async () => (await store.get("a")) ?? expect.fail("Expected a row.");
  expect(await deliver(receiver, succeeded("a"))).toMatchObject(later);
  const { dueInMs = 0 } = await row();
  for (let times = 0; times < 20; times += 1) {
    await pass(1_000);
    expect(await deliver(receiver, succeeded("a"))).toMatchObject(later);
  }
  expect(onSucceeded).toHaveBeenCalledTimes(21);
  expect(await row()).toMatchObject({ state: "pending", attempts: 1, dueInMs: dueInMs - 20_000 });

  // The receiver's own retry comes at its planned time, and counts.
  await pass(dueInMs - 20_000 + 1);
  expect(onSucceeded).toHaveBeenCalledTimes(22);
  expect(await row()).toMatchObject({ attempts: 2 });
  expect(of("dead")).toEqual([]);
  broken = false;
  expect(await deliver(receiver, succeeded("a"))).toMatchObject({ status: 200 });
  expect(of("done")).toMatchObject([{ attempt: 3 }]);
});

it("the receiver answers 503 when the callback still runs ackTimeoutMs after the request began", async () => {
  const gate = defer();
  const { receiver, of } = boot({
    ack: "handled",
    onSucceeded: () => gate.promise,
    limits: { ackTimeoutMs: 1_000 },
  });
  const body = defer<Awaited<ReturnType<HttpDelivery["body"]>>>();
  const handled = receiver.handle(post(0, { body: () => body.promise }));
  const seen = watch(handled);
  await pass(400);
  body.resolve(await post(succeeded("a")).body(9));
  await pass(599);
  expect(seen.ack).toBeUndefined();
  await pass(2);
  expect(seen.ack).toMatchObject(later);

  let ended = false;
  void seen.ack?.work?.().then(() => (ended = true));
  expect(await deliver(receiver, succeeded("a"))).toMatchObject(later);
  expect(ended).toBe(false);
  gate.resolve();
  await pass(1);
  expect(ended).toBe(true);
  expect(of("done")).toHaveLength(1);
  expect(await deliver(receiver, succeeded("a"))).toMatchObject({
    status: 200,
    body: '{"received":true,"duplicate":true}',
  });
});

it("the receiver answers 200 for a dead job, a conflict, a running job and an unknown shape", async () => {
  const onSucceeded = () => Promise.reject(new Error("no"));
  const { receiver, of } = boot({ ack: "handled", onSucceeded, retry: { maxAttempts: 1 } });
  expect(await deliver(receiver, succeeded("a"))).toMatchObject(later);
  expect(await deliver(receiver, succeeded("a"))).toMatchObject({
    status: 200,
    body: '{"received":true,"duplicate":true}',
  });
  expect(await deliver(receiver, failed("a"))).toMatchObject({
    status: 200,
    body: '{"received":true,"conflict":true}',
  });
  for (const status of ["processing", "odd"]) {
    expect(await deliver(receiver, { job_id: "b", status })).toMatchObject({
      status: 200,
      body: '{"received":true,"ignored":true}',
    });
  }
  await pass(1);
  expect(of("dead").map((event) => event.reason)).toEqual(["attempts_exhausted", "unrecognized"]);
});

it("the receiver answers 200 for a conflict while the first result still runs", async () => {
  const { receiver } = boot({ ack: "handled", onSucceeded: forEver });
  void deliver(receiver, succeeded("a"));
  await pass(1);
  expect(await deliver(receiver, failed("a"))).toMatchObject({
    status: 200,
    body: '{"received":true,"conflict":true}',
  });
});

it("the receiver reads the row of a redelivered job only", async () => {
  const store = memoryStore();
  const get = vi.spyOn(store, "get");
  const onSucceeded = vi.fn(() => Promise.reject(new Error("no")));
  const ingest = vi.fn(store.ingest).mockImplementationOnce(async (delivery, o) => {
    await store.ingest(delivery, { ...o, leaseMs: 0 });
    return { kind: "stored" };
  });
  const { receiver } = boot({ ack: "handled", store: { ...store, ingest }, onSucceeded });
  expect(await deliver(receiver, succeeded("a"))).toMatchObject(later);
  expect([onSucceeded.mock.calls.length, get.mock.calls.length]).toEqual([1, 0]);
  expect(await deliver(receiver, succeeded("a"))).toMatchObject(later);
  expect([onSucceeded.mock.calls.length, get.mock.calls.length]).toEqual([2, 1]);
});

describe("the receiver answers 503 when it cannot run the callback now", () => {
  it("because another instance runs it", async () => {
    const store = memoryStore();
    await store.ingest(
      { jobId: "a", payload: "{}", fingerprint: "1-a", source: "webhook" },
      { owner: "elsewhere", leaseMs: 60_000 },
    );
    const ingest = async () => ({ kind: "duplicate", state: "leased" }) as const;
    const { receiver } = boot({ ack: "handled", store: { ...store, ingest } });
    expect(await deliver(receiver, succeeded("a"))).toMatchObject(later);
  });

  it("because every slot is taken, and the callback runs later", async () => {
    const gate = defer();
    const { receiver, of } = boot({
      ack: "handled",
      onSucceeded: () => gate.promise,
      limits: { concurrency: 1 },
    });
    void deliver(receiver, succeeded("a"));
    await pass(1);
    expect(await deliver(receiver, succeeded("b"))).toMatchObject(later);
    gate.resolve();
    await pass(1);
    expect(of("done")).toHaveLength(2);
  });

  it("because the receiver drains", async () => {
    const store = durableStore();
    const onSucceeded = vi.fn(forEver);
    const { receiver } = boot({ ack: "handled", store, onSucceeded });
    void deliver(receiver, succeeded("hung"));
    await pass(1);
    const drained = receiver.drain({ timeoutMs: 10 });
    expect(await deliver(receiver, succeeded("a"))).toMatchObject(later);
    await pass(10);
    await drained;
    expect(await store.get("a")).toMatchObject({ state: "pending", attempts: 0 });
    expect(onSucceeded).toHaveBeenCalledTimes(1);
  });

  it("because the store is down when the receiver reads the row", async () => {
    const claim = () => Promise.reject(new Error("down"));
    const ingest = async () => ({ kind: "duplicate", state: "pending" }) as const;
    const { receiver } = boot({ ack: "handled", store: { ...memoryStore(), claim, ingest } });
    expect(await deliver(receiver, succeeded("a"))).toMatchObject(later);
  });
});
