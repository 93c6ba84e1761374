import { expect, it } from "vitest";
import { memoryStore } from "../../src/index.ts";
import { boot, defer, deliver, pass, post, stored, succeeded, useFakeTime } from "./support.ts";

useFakeTime();

/** Whether `promise` has settled by now. */
function watch(promise: Promise<void>) {
  const seen = { settled: false };
  void promise.then(() => (seen.settled = true));
  return seen;
}

it("idle resolves at once when nothing was delivered", async () => {
  const { receiver } = boot();
  const idle = watch(receiver.idle());
  await pass(0);
  expect(idle.settled).toBe(true);
});

it("idle waits for work that the adapter has not begun yet", async () => {
  const { receiver, of } = boot();
  const ack = await receiver.handle(post(succeeded("a")));
  const idle = watch(receiver.idle());
  await pass(1_000);
  expect(idle.settled).toBe(false);
  void ack.work?.();
  await pass(1);
  expect(idle.settled).toBe(true);
  expect(of("done")).toHaveLength(1);
});

it("idle waits for results that are stored beyond `concurrency`", async () => {
  const gate = defer();
  const { receiver, of } = boot({ limits: { concurrency: 1 }, onSucceeded: () => gate.promise });
  for (const id of ["a", "b", "c"]) await deliver(receiver, succeeded(id));
  const idle = watch(receiver.idle());
  await pass(1_000);
  expect(idle.settled).toBe(false);
  gate.resolve();
  await pass(1);
  expect(idle.settled).toBe(true);
  expect(of("done")).toHaveLength(3);
});

it("idle does not wait for a backoff that ends later", async () => {
  const { receiver, of } = boot({ onSucceeded: () => Promise.reject(new Error("no")) });
  await deliver(receiver, succeeded("a"));
  const idle = watch(receiver.idle());
  await pass(1);
  expect(of("retry")).toHaveLength(1);
  expect(idle.settled).toBe(true);
});

it("idle runs a job that an earlier process left, and waits for it", async () => {
  const gate = defer();
  const store = memoryStore();
  await store.ingest(stored("a"), { owner: "former", leaseMs: 0 });
  const { receiver, of } = boot({ store, onSucceeded: () => gate.promise });
  const idle = watch(receiver.idle());
  await pass(1_000);
  expect([of("attempt").length, idle.settled]).toEqual([1, false]);
  gate.resolve();
  await pass(1);
  expect(idle.settled).toBe(true);
});
