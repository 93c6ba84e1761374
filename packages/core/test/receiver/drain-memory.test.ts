import { expect, it, vi } from "vitest";
import { type JobStore, memoryStore } from "../../src/index.ts";
import {
  bodyOf,
  boot,
  defer,
  deliver,
  drained,
  forEver,
  pass,
  succeeded,
  useFakeTime,
} from "./support.ts";

useFakeTime();

// A memory store ends with the process, so a drain is the last chance of the jobs in it.

it("a drain runs waiting results within the timeout, and waiting retries once more", async () => {
  const handled: string[] = [];
  const { receiver, warnings } = boot({
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
  expect(warnings()).toEqual([]);
});

it("a drain does so although one callback hangs, and only that job is lost", async () => {
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

it("a drain does so when every slot is taken, one of them for ever", async () => {
  const { receiver, of } = boot({
    limits: { concurrency: 2 },
    onSucceeded: ({ job_id }) =>
      job_id === "hung" ? forEver() : new Promise<void>((resolve) => void setTimeout(resolve, 5)),
  });
  await deliver(receiver, succeeded("hung"));
  await pass(1);
  for (const id of ["a", "b"]) await deliver(receiver, succeeded(id));
  expect(await drained(receiver, 1_000)).toMatchObject({ lost: 1 });
  expect(of("done")).toHaveLength(2);
});

it("a drain reports results that got no slot as lost, and starts nothing after the timeout", async () => {
  const onSucceeded = vi.fn(forEver);
  const { receiver } = boot({ onSucceeded, limits: { concurrency: 1 } });
  for (const id of ["a", "b", "c"]) await deliver(receiver, succeeded(id));
  await pass(1);
  expect(await drained(receiver, 1_000)).toEqual({ settled: 0, released: 0, lost: 3 });
  await pass(60_000);
  expect(onSucceeded).toHaveBeenCalledTimes(1);
});

it("a drain counts a job as lost too if the store does not release it in time", async () => {
  const inner = memoryStore();
  const settle = vi.fn<typeof inner.settle>(() => new Promise(() => undefined));
  const { receiver } = boot({
    store: { ...inner, settle },
    onSucceeded: forEver,
    limits: { concurrency: 1 },
  });
  for (const id of ["a", "b", "c"]) await deliver(receiver, succeeded(id));
  await pass(1);
  expect(await drained(receiver, 1_000)).toEqual({ settled: 0, released: 0, lost: 3 });
  expect(settle).toHaveBeenCalled();
  expect(await inner.stats()).toMatchObject({ leased: 2, pending: 1 });
});

it("a draining receiver refuses new results with a time to retry", async () => {
  const { receiver, of } = boot({ onSucceeded: forEver });
  await deliver(receiver, succeeded("a"));
  const report = receiver.drain({ timeoutMs: 100 });
  const ack = await deliver(receiver, succeeded("b"));
  expect(ack).toMatchObject({ status: 503, headers: { "retry-after": "5", connection: "close" } });
  expect(bodyOf(ack)).toMatchObject({ received: false, error: { code: "draining" } });
  expect(of("refused")).toMatchObject([{ reason: "draining" }]);
  await expect(receiver.ingest(succeeded("b"))).rejects.toMatchObject({ code: "draining" });
  await pass(100);
  await report;
});

it("a drain reads all pages of the waiting retries, without their payloads", async () => {
  const inner = memoryStore();
  const list = vi.fn<typeof inner.list>((o) => inner.list({ ...o, limit: 1 }));
  const store = { ...inner, list };
  const onSucceeded = vi.fn((_job: unknown, { attempt }: { attempt: number }) =>
    attempt === 1 ? Promise.reject(new Error("not yet")) : undefined,
  );
  const { receiver, of } = boot({ store, onSucceeded });
  for (const id of ["a", "b", "c"]) await deliver(receiver, succeeded(id));
  await pass(1);
  expect(of("retry")).toHaveLength(3);
  expect(await drained(receiver, 1_000)).toEqual({ settled: 3, released: 0, lost: 0 });
  const page = { state: "pending", limit: 1_000, payloads: false };
  expect(list.mock.calls.map(([o]) => o)).toEqual([
    page,
    { ...page, after: expect.any(String) },
    { ...page, after: expect.any(String) },
  ]);
});

it("a drain waits for running callbacks although the store cannot be asked for others", async () => {
  const gate = defer();
  const claim: JobStore["claim"] = () => Promise.reject(new Error("down"));
  const { receiver } = boot({
    store: { ...memoryStore(), claim },
    onSucceeded: () => gate.promise,
  });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  const report = receiver.drain({ timeoutMs: 1_000 });
  await pass(500);
  gate.resolve();
  await pass(1);
  expect(await report).toEqual({ settled: 1, released: 0, lost: 0 });
});

it.each(["fail", "be missing"])(
  "the callbacks that a drain cut off are lost, also where the store's counts %s",
  async (how) => {
    const { list: _list, redrive: _redrive, stats: _stats, ...bare } = memoryStore();
    const stats = () => Promise.reject(new Error("down"));
    const store = how === "fail" ? { ...memoryStore(), stats } : bare;
    const { receiver, of } = boot({ store, onSucceeded: forEver });
    for (const id of ["a", "b"]) await deliver(receiver, succeeded(id));
    await pass(1);
    expect(await drained(receiver, 1_000)).toEqual({ settled: 0, released: 0, lost: 2 });
    expect(of("warning")).toMatchObject([
      { error: { message: expect.stringMatching(/^2 accepted results/) } },
    ]);
  },
);
