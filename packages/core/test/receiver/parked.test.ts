import { expect, it, vi } from "vitest";
import { type JobRecord, memoryStore } from "../../src/index.ts";
import { fakeApi } from "./fake-api.ts";
import { bodyOf, boot, deliver, pass, post, succeeded, useFakeTime } from "./support.ts";

useFakeTime();
const odd = { job_id: "a", status: "superseded", output: { type: "image" } };
const ignored = { received: true, ignored: true };

it("an unknown shape is parked as a dead letter, and the event follows the answer", async () => {
  const dead: JobRecord[] = [];
  const onSucceeded = vi.fn();
  const { receiver, of, events } = boot({
    onSucceeded,
    onDead: (record) => void dead.push(record),
  });
  const ack = await receiver.handle(post(odd));
  expect(bodyOf(ack)).toEqual(ignored);
  expect(of("dead")).toEqual([]);
  void ack.work?.();
  await receiver.idle();
  expect(of("parked")).toMatchObject([
    { jobId: "a", status: 200, reason: "unrecognized", source: "webhook" },
  ]);
  expect(of("dead")).toMatchObject([{ jobId: "a", attempt: 0, reason: "unrecognized" }]);
  expect(dead).toMatchObject([
    { jobId: "a", state: "dead", error: "unrecognized", payload: JSON.stringify(odd) },
  ]);
  expect(events.map((event) => event.type)).toEqual(["parked", "dead"]);
  expect(onSucceeded).not.toHaveBeenCalled();
});

it("an unknown shape leaves an expected job to its poll", async () => {
  const store = memoryStore();
  await store.expect("a", { pollAfterMs: 60_000, giveUpAfterMs: 9e6 });
  const onDead = vi.fn();
  const { receiver, of } = boot({ store, onDead });
  expect(bodyOf(await deliver(receiver, odd))).toEqual(ignored);
  await pass(1);
  expect(await store.get("a")).toMatchObject({ state: "expected", dueInMs: expect.closeTo(0, -2) });
  expect(of("dead")).toEqual([]);
  expect(onDead).not.toHaveBeenCalled();
});

it("an unknown shape of an expected job has the job polled at once", async () => {
  const { client, asked } = fakeApi({ a: succeeded("a") });
  const onSucceeded = vi.fn();
  const { receiver } = boot({ client, onSucceeded, poll: { afterMs: 40_000 } });
  await receiver.expect("a");
  await deliver(receiver, odd);
  await pass(100);
  expect(asked()).toEqual(["a"]);
  expect(onSucceeded).toHaveBeenCalledTimes(1);
});

it("a result that arrives after an unknown shape is delivered", async () => {
  const onSucceeded = vi.fn();
  const { receiver } = boot({ onSucceeded });
  await deliver(receiver, odd);
  expect(bodyOf(await deliver(receiver, succeeded("a")))).toEqual({ received: true });
  await pass(1);
  expect(onSucceeded).toHaveBeenCalledTimes(1);
});

it("an unknown shape changes nothing for a job that has its result", async () => {
  const store = memoryStore();
  const get = vi.fn(store.get);
  const { receiver, of } = boot({ store: { ...store, get } });
  await deliver(receiver, succeeded("a"));
  expect(bodyOf(await deliver(receiver, odd))).toEqual({ received: true, duplicate: true });
  await pass(1);
  expect(of("dead")).toEqual([]);
  // There is nothing to report, so the row is not read.
  expect(get).not.toHaveBeenCalled();
});

it("a redriven shape is dead again while it is unknown, and delivered when a later version knows it", async () => {
  const store = memoryStore();
  const first = boot({ store });
  await deliver(first.receiver, odd);
  await pass(1);
  expect(await first.receiver.redrive("a")).toBe(true);
  await pass(1);
  expect(first.of("dead")).toHaveLength(2);

  const claim: typeof store.claim = async (o) =>
    (await store.claim(o)).map((lease) => ({ ...lease, payload: JSON.stringify(succeeded("a")) }));
  const onSucceeded = vi.fn();
  const { receiver } = boot({ store: { ...store, claim }, onSucceeded });
  await receiver.redrive("a");
  await pass(1);
  expect(onSucceeded).toHaveBeenCalledTimes(1);
  expect(await store.get("a")).toMatchObject({
    state: "done",
    payload: JSON.stringify(succeeded("a")),
  });
  expect(bodyOf(await deliver(receiver, succeeded("a")))).toEqual({
    received: true,
    duplicate: true,
  });
});

it("nothing is stored for a job that is still running", async () => {
  const store = memoryStore();
  const ingest = vi.fn(store.ingest);
  const { receiver, of } = boot({ store: { ...store, ingest } });
  for (const status of ["processing", "queued", "pending", "starting", "in_progress"]) {
    expect(bodyOf(await deliver(receiver, { job_id: "a", status }))).toEqual(ignored);
  }
  expect(ingest).not.toHaveBeenCalled();
  expect(of("ignored")).toHaveLength(5);
  expect(of("ignored")[0]).toMatchObject({ jobId: "a", reason: "pending", status: 200 });
});

it("is dead again when it is redriven, for the same reason", async () => {
  const onSucceeded = vi.fn();
  const { receiver, of, warnings } = boot({ onSucceeded });
  await deliver(receiver, odd);
  await pass(1);
  const [first] = of("dead");
  expect(first?.error).toEqual({
    code: "unrecognized",
    message: expect.stringContaining("superseded"),
  });
  expect(await receiver.redrive("a")).toBe(true);
  await pass(1);
  expect(of("dead")[1]).toMatchObject({
    jobId: "a",
    attempt: 1,
    reason: "unrecognized",
    error: first?.error,
  });
  expect((await receiver.list({ state: "dead" })).records).toMatchObject([
    { jobId: "a", error: "unrecognized" },
  ]);
  // Its place is free, so that a result can take it.
  await deliver(receiver, succeeded("a"));
  await pass(1);
  expect(onSucceeded).toHaveBeenCalledTimes(1);
  expect(warnings()).toEqual([]);
});

it("a parked payload whose reply was lost is reported once, when the sender repeats it", async () => {
  const store = memoryStore();
  const ingest = vi.fn(store.ingest).mockImplementationOnce(async (delivery, o) => {
    await store.ingest(delivery, o);
    throw new Error("connection reset");
  });
  const onDead = vi.fn();
  const { receiver, of } = boot({ store: { ...store, ingest }, onDead });
  expect((await deliver(receiver, odd)).status).toBe(503);
  await pass(1);
  expect(of("dead")).toEqual([]);
  for (let repeats = 0; repeats < 3; repeats += 1) {
    expect(bodyOf(await deliver(receiver, odd))).toEqual({ received: true, duplicate: true });
    await pass(1);
  }
  expect(of("dead")).toMatchObject([{ jobId: "a", attempt: 0, reason: "unrecognized" }]);
  expect(onDead).toHaveBeenCalledTimes(1);
  expect(onDead).toHaveBeenCalledWith(expect.objectContaining({ jobId: "a", state: "dead" }));
});

it("a parked payload whose row could not be read is reported when the sender repeats it", async () => {
  const store = memoryStore();
  const get = vi.fn(store.get).mockRejectedValueOnce(new Error("connection reset"));
  const { receiver, of } = boot({ store: { ...store, get } });
  await deliver(receiver, odd);
  await pass(1);
  expect(of("dead")).toEqual([]);
  await deliver(receiver, odd);
  await pass(1);
  expect(of("dead")).toMatchObject([{ jobId: "a", reason: "unrecognized" }]);
});

it("a parked payload of a process that has ended is reported when the sender repeats it", async () => {
  const store = memoryStore();
  await store.ingest(
    { jobId: "a", payload: JSON.stringify(odd), source: "webhook" },
    { owner: "another process", leaseMs: 0 },
  );
  const { receiver, of } = boot({ store });
  await deliver(receiver, odd);
  await deliver(receiver, odd);
  await pass(1);
  expect(of("dead")).toMatchObject([{ jobId: "a", reason: "unrecognized" }]);
});

it("an unknown shape does not report a job again that is dead for another reason", async () => {
  const { receiver, of } = boot({
    onSucceeded: () => Promise.reject(new Error("no")),
    retry: { maxAttempts: 1 },
  });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  expect(of("dead")).toMatchObject([{ reason: "attempts_exhausted" }]);
  await deliver(receiver, odd);
  await pass(1);
  expect(of("dead")).toHaveLength(1);
});

it("a payload that is parked once and repeated is reported once", async () => {
  const { receiver, of } = boot();
  await deliver(receiver, odd);
  await deliver(receiver, odd);
  await pass(1);
  await deliver(receiver, odd);
  await pass(1);
  expect(of("dead")).toHaveLength(1);
  await deliver(receiver, { ...odd, output: [] });
  await pass(1);
  expect(of("dead")).toHaveLength(2);
});

it("of each parked payload among a thousand, a repeat is not reported again", async () => {
  const { receiver, of } = boot();
  const park = async (jobId: string) => void (await deliver(receiver, { ...odd, job_id: jobId }));
  for (let index = 0; index < 1_000; index += 1) await park(`job_${index}`);
  await pass(1);
  await park("job_0");
  await pass(1);
  expect(of("dead")).toHaveLength(1_000);
  // The receiver's memory of them is bounded.
  await park("one more");
  await park("job_0");
  await pass(1);
  expect(of("dead")).toHaveLength(1_002);
});
