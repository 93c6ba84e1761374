import { expect, it, vi } from "vitest";
import { type JobStore, memoryStore } from "../../src/index.ts";
import { boot, deliver, pass, succeeded, useFakeTime } from "./support.ts";

useFakeTime();

function settling(
  settle: (store: JobStore) => JobStore["settle"],
  options: Parameters<typeof boot>[0] = {},
) {
  const store = memoryStore();
  const onSucceeded = vi.fn();
  const spied = vi.fn(settle(store));
  return {
    ...boot({ store: { ...store, settle: spied }, onSucceeded, ...options }),
    store,
    onSucceeded,
    settle: spied,
  };
}

it.each([
  ["fails", () => Promise.reject(new Error("down"))],
  ["is silent", () => new Promise<boolean>(() => undefined)],
])(
  "a store that %s at the end is asked again until it answers; the callback is not run again",
  async (_name, down) => {
    let broken = true;
    const { receiver, onSucceeded, store, warnings, of } = settling(
      (inner) => (lease, s) => (broken ? down() : inner.settle(lease, s)),
    );
    await deliver(receiver, succeeded("a"));
    await pass(30_000);
    expect(await store.get("a")).toMatchObject({ state: "leased" });
    expect(warnings()).toEqual(["store_unavailable"]);
    expect(of("done")).toEqual([]);
    broken = false;
    await pass(5_000);
    expect(of("done")).toMatchObject([{ jobId: "a", attempt: 1 }]);
    expect(await store.get("a")).toMatchObject({ state: "done" });
    expect(onSucceeded).toHaveBeenCalledTimes(1);
  },
);

it("asks less and less often, but at least every five seconds", async () => {
  const { receiver, settle } = settling(() => () => Promise.reject(new Error("down")));
  await deliver(receiver, succeeded("a"));
  await pass(7_000);
  expect(settle).toHaveBeenCalledTimes(7);
  await pass(50_000);
  expect(settle).toHaveBeenCalledTimes(17);
});

it("recognises a settlement that was written although its reply was lost", async () => {
  let lost = false;
  const { receiver, onSucceeded, of, warnings } = settling((inner) => async (lease, s) => {
    const reply = await inner.settle(lease, s);
    if (lost) return reply;
    lost = true;
    throw new Error("connection reset");
  });
  await deliver(receiver, succeeded("a"));
  await pass(1_000);
  expect(of("done")).toMatchObject([{ jobId: "a" }]);
  expect(warnings()).toEqual(["store_unavailable"]);
  expect(onSucceeded).toHaveBeenCalledTimes(1);
});

it.each([
  ["lease", "leased", async () => undefined],
  [
    "settlement",
    "done",
    (store: JobStore) => store.settle({ jobId: "a", fence: 2 }, { to: "done" }),
  ],
])("does not take another's %s for its own settlement", async (_name, state, goOn) => {
  let stolen = false;
  const { receiver, of, warnings, store } = settling((inner) => async (lease, s) => {
    if (stolen) return inner.settle(lease, s);
    stolen = true;
    vi.setSystemTime(Date.now() + 61_000);
    await inner.claim({ owner: "elsewhere", leaseMs: 60_000, limit: 1 });
    await goOn(inner);
    throw new Error("connection reset");
  });
  await deliver(receiver, succeeded("a"));
  await pass(1_000);
  expect(of("done")).toEqual([]);
  expect(warnings()).toEqual(["store_unavailable", "lease_lost"]);
  expect(await store.get("a")).toMatchObject({ state, fence: 2 });
});

it("stops waiting for the store when a drain ends", async () => {
  const { receiver, of, settle } = settling(() => () => Promise.reject(new Error("down")));
  await deliver(receiver, succeeded("a"));
  await pass(1);
  const drained = receiver.drain({ timeoutMs: 1_000 });
  await pass(1_000);
  expect(await drained).toEqual({ settled: 0, released: 0, lost: 1 });
  await pass(5_000);
  const asked = settle.mock.calls.length;
  await pass(60_000);
  expect(settle).toHaveBeenCalledTimes(asked);
  expect(of("done")).toEqual([]);
});

it("does not run the callback again when its own loop claims the job before the store accepts the end", async () => {
  let broken = true;
  const { receiver, onSucceeded, of, store } = settling((inner) => async (lease, s) => {
    if (broken) throw new Error("down");
    return inner.settle(lease, s);
  });
  receiver.start();
  await deliver(receiver, succeeded("a"));
  // The lease runs out while settlements fail and claims succeed: the job is claimed again.
  await pass(70_000);
  expect((await store.get("a"))?.fence).toBeGreaterThan(1);
  broken = false;
  await pass(10_000);
  expect(await store.get("a")).toMatchObject({ state: "done" });
  expect(of("done")).toHaveLength(1);
  expect(onSucceeded).toHaveBeenCalledTimes(1);
  await receiver.idle();
});
