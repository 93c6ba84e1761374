import { describe, expect, it, vi } from "vitest";
import { AbstraktWebhookError, type Ack, type Ingested, memoryStore } from "../../src/index.ts";
import {
  bodyOf,
  boot,
  defer,
  deliver,
  forEver,
  pass,
  stored,
  succeeded,
  useFakeTime,
} from "./support.ts";

useFakeTime();

describe("a store that fails is answered 503 with Retry-After, and no callback runs", () => {
  const down = new Error("canary: connection refused");
  it.each<[name: string, ingest: () => Promise<Ingested>]>([
    ["rejects", () => Promise.reject(down)],
    [
      "throws",
      () => {
        throw down;
      },
    ],
    ["rejects with undefined", () => Promise.reject(undefined)],
    ["returns undefined", () => undefined as never],
    [
      "rejects with an AbstraktWebhookError",
      () => Promise.reject(new AbstraktWebhookError("invalid_options", "Run migrate() first.")),
    ],
  ])("%s", async (_name, ingest) => {
    const onSucceeded = vi.fn();
    const { receiver, of } = boot({ store: { ...memoryStore(), ingest }, onSucceeded });
    const ack = await deliver(receiver, succeeded("a"));
    expect(ack).toMatchObject({ status: 503, headers: { "retry-after": "5" } });
    expect(bodyOf(ack)).toMatchObject({ received: false, error: { code: "store_unavailable" } });
    expect(ack.body).not.toMatch(/canary|migrate/);
    expect(of("refused")).toMatchObject([{ status: 503, reason: "store_unavailable", error: {} }]);
    await pass(60_000);
    expect(onSucceeded).not.toHaveBeenCalled();
    await receiver.idle();
  });

  it("the slot is free again for the next delivery", async () => {
    const store = memoryStore();
    const ingest = vi.fn(store.ingest).mockRejectedValueOnce(down);
    const { receiver, of } = boot({ store: { ...store, ingest }, limits: { concurrency: 1 } });
    await deliver(receiver, succeeded("a"));
    await deliver(receiver, succeeded("a"));
    await pass(0);
    expect(of("done")).toHaveLength(1);
    expect(ingest.mock.calls.map(([, o]) => o.leaseMs)).toEqual([60_000, 60_000]);
  });
});

it("one warning is emitted in an outage, with advice and the cause", async () => {
  const store = memoryStore();
  const { ingest } = store;
  const cause = Object.assign(new Error("no such relation"), { code: "42P01" });
  const down = new AbstraktWebhookError("store_unavailable", "Run migrate() first.", { cause });
  const failing = vi.fn(ingest).mockRejectedValueOnce(down).mockRejectedValueOnce(down);
  const { receiver, of } = boot({ store: { ...store, ingest: failing } });
  const messages = () => of("warning").map((event) => event.error.message);
  await deliver(receiver, succeeded("a"));
  await deliver(receiver, succeeded("a"));
  expect(messages()).toEqual([
    expect.stringContaining("Run migrate() first. (42P01: no such relation)"),
  ]);
  const error = { code: "42P01", message: "Run migrate() first. (42P01: no such relation)" };
  expect(of("refused")).toMatchObject([{ error }, { error }]);
  expect((await deliver(receiver, succeeded("a"))).status).toBe(200);
  failing.mockRejectedValueOnce(down);
  await deliver(receiver, succeeded("b"));
  expect(messages()).toHaveLength(2);
});

it("a result that was written and leased runs although the reply was lost", async () => {
  const store = memoryStore();
  const ingest = vi.fn(store.ingest).mockImplementationOnce(async (delivery, o) => {
    await store.ingest(delivery, o);
    throw new Error("connection reset");
  });
  const onSucceeded = vi.fn();
  const { receiver } = boot({ store: { ...store, ingest }, onSucceeded });
  expect((await deliver(receiver, succeeded("a"))).status).toBe(503);
  await pass(60_001);
  expect(onSucceeded).toHaveBeenCalledTimes(1);
});

it("the receiver waits storeTimeoutMs for a silent store", async () => {
  const ingest = () => new Promise<Ingested>(() => undefined);
  const { receiver } = boot({
    store: { ...memoryStore(), ingest },
    limits: { storeTimeoutMs: 700 },
  });
  let ack: Ack | undefined;
  void deliver(receiver, succeeded("a")).then((answer) => (ack = answer));
  await pass(699);
  expect(ack).toBeUndefined();
  await pass(1);
  expect(ack).toMatchObject({ status: 503, headers: { "retry-after": "5" } });
});

/** A store that writes at once, but answers its first ingest only when the test says so. */
function slowReply() {
  const store = memoryStore();
  const gate = defer();
  const ingest = vi.fn(store.ingest).mockImplementationOnce(async (delivery, o) => {
    const reply = await store.ingest(delivery, o);
    await gate.promise;
    return reply;
  });
  return { store: { ...store, ingest }, gate };
}

it("a lease whose reply came after the 503 runs, and counts as running", async () => {
  const { store, gate } = slowReply();
  const onSucceeded = vi.fn().mockReturnValueOnce(undefined).mockImplementation(forEver);
  const limits = { storeTimeoutMs: 100, concurrency: 1 };
  const { receiver, of } = boot({ store, onSucceeded, limits });
  const ack = deliver(receiver, succeeded("a"));
  await pass(100);
  expect((await ack).status).toBe(503);
  expect(onSucceeded).not.toHaveBeenCalled();

  gate.resolve();
  await pass(1);
  expect(of("done")).toMatchObject([{ jobId: "a", attempt: 1 }]);
  await deliver(receiver, succeeded("b"));
  await pass(1);
  await deliver(receiver, succeeded("c"));
  expect(await store.get("b")).toMatchObject({ state: "leased" });
  expect(await store.get("c")).toMatchObject({ state: "pending" });
});

it("a result that was written although the reply was lost runs once: the repeat is a duplicate", async () => {
  const { store } = slowReply();
  const onSucceeded = vi.fn();
  const limits = { storeTimeoutMs: 100, leaseMs: 1_000 };
  const { receiver } = boot({ store, onSucceeded, limits });
  const first = deliver(receiver, succeeded("a"));
  await pass(100);
  expect((await first).status).toBe(503);

  expect(bodyOf(await deliver(receiver, succeeded("a")))).toEqual({
    received: true,
    duplicate: true,
  });
  await pass(1_000);
  await receiver.tick();
  expect(onSucceeded).toHaveBeenCalledTimes(1);
  expect(await store.get("a")).toMatchObject({ state: "done" });
});

it("a job whose write the database client repeated runs when the lease of the first write ends", async () => {
  const store = memoryStore();
  // The client of the database repeats the write itself.
  const ingest = vi.fn(store.ingest).mockImplementationOnce(async (delivery, o) => {
    await store.ingest(delivery, o);
    return store.ingest(delivery, o);
  });
  const { receiver, of } = boot({ store: { ...store, ingest }, limits: { leaseMs: 1_000 } });
  expect(bodyOf(await deliver(receiver, succeeded("a")))).toMatchObject({ duplicate: true });
  await pass(1_021);
  expect(of("done")).toMatchObject([{ jobId: "a", attempt: 2 }]);
});

it("a full store warns once, says what to do, and the sender's repeat is stored when it has room", async () => {
  const gate = defer();
  const store = memoryStore({ maxLive: 1 });
  const { receiver, of } = boot({ store, onSucceeded: () => gate.promise });
  await deliver(receiver, succeeded("a"));
  for (let times = 0; times < 2; times += 1) {
    expect((await deliver(receiver, succeeded("b"))).status).toBe(503);
  }
  const code = "store_full";
  expect(of("warning").filter(({ error }) => error.code === code)).toMatchObject([
    { error: { message: expect.stringContaining("The store is full. Handle or prune") } },
  ]);
  gate.resolve();
  await pass(1);
  expect((await deliver(receiver, succeeded("b"))).status).toBe(200);
});

it("a result that was stored without a lease after the 503 runs when a slot is free", async () => {
  const store = memoryStore();
  const [written, free] = [defer(), defer()];
  const ingest = vi.fn(store.ingest);
  const onSucceeded = vi.fn().mockReturnValueOnce(free.promise);
  const limits = { storeTimeoutMs: 100, concurrency: 1 };
  const { receiver, of } = boot({ store: { ...store, ingest }, onSucceeded, limits });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  ingest.mockImplementationOnce(async (delivery, o) => {
    await written.promise;
    return store.ingest(delivery, o);
  });
  const late = deliver(receiver, succeeded("b"));
  await pass(100);
  expect((await late).status).toBe(503);
  written.resolve();
  await pass(1);
  free.resolve();
  await pass(1);
  expect(of("done").map(({ jobId }) => jobId)).toEqual(["a", "b"]);
});

const ofAnotherJob = { ...stored("b"), fence: 1, attempt: 1, receivedAtMs: 0 };

it.each([
  ["a lease of another job", { kind: "leased", lease: ofAnotherJob }],
  ["a duplicate", { kind: "duplicate", state: "done" }],
])("%s after the 503 starts nothing", async (_, reply) => {
  const store = memoryStore();
  const claim = vi.fn(store.claim);
  const written = defer();
  const ingest = async () => {
    await written.promise;
    return reply as never;
  };
  const onSucceeded = vi.fn();
  const limits = { storeTimeoutMs: 100, leaseMs: 60_000 };
  const { receiver, of } = boot({ store: { ...store, ingest, claim }, onSucceeded, limits });
  const late = deliver(receiver, succeeded("a"));
  await pass(100);
  expect((await late).status).toBe(503);
  written.resolve();
  await pass(1_000);
  expect(of("attempt")).toEqual([]);
  expect(claim).not.toHaveBeenCalled();
});

it("a duplicate makes the receiver look at the store only while the job is leased", async () => {
  const store = memoryStore();
  const claim = vi.fn(store.claim);
  const { receiver } = boot({ store: { ...store, claim }, limits: { leaseMs: 1_000 } });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  expect(bodyOf(await deliver(receiver, succeeded("a")))).toMatchObject({ duplicate: true });
  await pass(60_000);
  expect(claim).not.toHaveBeenCalled();
});
