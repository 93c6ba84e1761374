import { expect, it, vi } from "vitest";
import { memoryStore } from "../../src/index.ts";
import { fakeApi } from "./fake-api.ts";
import { boot, defer, deliver, pass, succeeded, useFakeTime } from "./support.ts";

useFakeTime();

const left = (jobId: string) =>
  ({
    jobId,
    payload: JSON.stringify(succeeded(jobId)),
    fingerprint: "1-a",
    source: "webhook",
  }) as const;

it("tick runs all due jobs, waits for the callbacks and reports", async () => {
  const store = memoryStore({ doneTtlMs: 1 });
  for (const id of ["a", "b", "c"]) await store.ingest(left(id), { owner: "former", leaseMs: 0 });
  const gate = defer();
  const { receiver, of } = boot({
    store,
    limits: { concurrency: 2 },
    onSucceeded: () => gate.promise,
  });
  let report: unknown;
  void receiver.tick().then((ticked) => (report = ticked));
  await pass(100);
  expect(report).toBeUndefined();
  gate.resolve();
  await pass(10);
  expect(report).toEqual({ claimed: 3, polled: 0, pruned: 0 });
  expect(of("done")).toHaveLength(3);
  await pass(10);
  expect(await receiver.tick()).toEqual({ claimed: 0, polled: 0, pruned: 3 });
});

it("tick reports when the next job is due", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  const store = memoryStore();
  await store.ingest(left("a"), { owner: "former", leaseMs: 0 });
  const onSucceeded = () => Promise.reject(new Error("no"));
  const { receiver } = boot({ store, onSucceeded, retry: { minDelayMs: 7_000 } });
  expect(await receiver.tick()).toMatchObject({ claimed: 1, nextDueInMs: 7_000 });
  vi.restoreAllMocks();
});

it("tick asks an empty store once for each thing, and starts no loop", async () => {
  const store = memoryStore();
  const [claim, nextDueInMs] = [vi.fn(store.claim), vi.fn(store.nextDueInMs)];
  const { receiver } = boot({ store: { ...store, claim, nextDueInMs } });
  await receiver.tick();
  await pass(120_000);
  expect(claim).toHaveBeenCalledTimes(1);
  expect(nextDueInMs).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});

it("tick rejects when the store is down, and works when it is back", async () => {
  const store = memoryStore();
  await store.ingest(left("a"), { owner: "former", leaseMs: 0 });
  const claim = vi.fn(store.claim).mockRejectedValueOnce(new Error("down"));
  const { receiver } = boot({ store: { ...store, claim } });
  await expect(receiver.tick()).rejects.toMatchObject({ code: "store_unavailable" });
  expect(await receiver.tick()).toMatchObject({ claimed: 1 });
});

it("tick claims nothing while every slot is taken", async () => {
  const { receiver } = boot({
    limits: { concurrency: 1 },
    onSucceeded: () => new Promise(() => undefined),
  });
  for (const id of ["a", "b"]) await deliver(receiver, succeeded(id));
  await pass(1);
  expect(await receiver.tick()).toMatchObject({ claimed: 0 });
});

it("tick runs a row that falls due between its claim and its read of the next due time", async () => {
  let nowMs = 1_000;
  const clock = (): number => nowMs;
  const store = memoryStore({ clock });
  const nextDueInMs = vi.fn(store.nextDueInMs).mockImplementationOnce(() => {
    nowMs += 50;
    return store.nextDueInMs();
  });
  await store.ingest(left("a"), { owner: "former", leaseMs: 50 });
  const { receiver, of } = boot({ store: { ...store, nextDueInMs }, clock });
  expect(await receiver.tick()).toEqual({ claimed: 1, polled: 0, pruned: 0 });
  expect(of("done")).toMatchObject([{ jobId: "a" }]);
});

it("tick runs a due job and a due poll at once, and then the result that the poll found", async () => {
  const store = memoryStore();
  const { client } = fakeApi({ polled: succeeded("polled") });
  const { receiver, of } = boot({ store, client });
  await store.ingest(left("a"), { owner: "former", leaseMs: 0 });
  await store.expect("polled", { pollAfterMs: 0, giveUpAfterMs: 60_000 });
  await pass(1);
  let report: unknown;
  void receiver.tick().then((ticked) => (report = ticked));
  await pass(1);
  expect(report).toMatchObject({ claimed: 1, polled: 1 });
  expect(of("done").map(({ jobId }) => jobId)).toEqual(["a", "polled"]);
});

it("tick names a pause for a row that is due and cannot be claimed, and no time for an empty store", async () => {
  const store = memoryStore();
  const nextDueInMs = vi.fn(store.nextDueInMs).mockResolvedValueOnce(0);
  const { receiver } = boot({ store: { ...store, nextDueInMs } });
  const report = { claimed: 0, polled: 0, pruned: 0 };
  expect(await receiver.tick()).toEqual({ ...report, nextDueInMs: 1_000 });
  expect(await receiver.tick()).toEqual(report);
});
