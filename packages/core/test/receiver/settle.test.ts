import { describe, expect, it, vi } from "vitest";
import { type JobStore, memoryStore } from "../../src/index.ts";
import { boot, defer, deliver, pass, succeeded, useFakeTime } from "./support.ts";

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
  "a store that %s is asked to settle again until it answers, and the callback does not run again",
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

it("the store is asked less and less often, but at least every five seconds", async () => {
  const { receiver, settle } = settling(() => () => Promise.reject(new Error("down")));
  await deliver(receiver, succeeded("a"));
  await pass(7_000);
  expect(settle).toHaveBeenCalledTimes(7);
  await pass(50_000);
  expect(settle).toHaveBeenCalledTimes(17);
});

it("a settlement that was written is recognised although its reply was lost", async () => {
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

it("recognises a retry that was written although its reply was lost", async () => {
  let lost = false;
  const { receiver, events, store } = settling(
    (inner) => async (lease, s) => {
      const reply = await inner.settle(lease, s);
      if (lost) return reply;
      lost = true;
      throw new Error("connection reset");
    },
    { onSucceeded: () => Promise.reject(new Error("no luck")), retry: { minDelayMs: 60_000 } },
  );
  await deliver(receiver, succeeded("a"));
  await pass(1_000);
  expect(events.map(({ type }) => type)).toEqual(["stored", "attempt", "warning", "retry"]);
  expect(await store.get("a")).toMatchObject({ state: "pending", attempts: 1 });
});

it.each([
  ["lease", "leased", async () => undefined],
  [
    "settlement",
    "done",
    (store: JobStore) => store.settle({ jobId: "a", fence: 2 }, { to: "done" }),
  ],
])("another attempt's %s is not mistaken for the own settlement", async (_name, state, goOn) => {
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

it("the receiver stops waiting for the store when a drain ends", async () => {
  const { receiver, of, warnings, settle } = settling(
    () => () => Promise.reject(new Error("down")),
  );
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
  expect(warnings()).toEqual(["store_unavailable", "lost_at_drain", "lease_lost"]);
});

it("the callback does not run again when the loop claims its job before the store accepts the settlement", async () => {
  let broken = true;
  const { receiver, onSucceeded, of, store } = settling((inner) => async (lease, s) => {
    if (broken) throw new Error("down");
    return inner.settle(lease, s);
  });
  receiver.start();
  await deliver(receiver, succeeded("a"));
  // The lease ends while settlements fail and claims succeed, so the job is claimed again.
  await pass(70_000);
  expect((await store.get("a"))?.fence).toBeGreaterThan(1);
  broken = false;
  await pass(10_000);
  expect(await store.get("a")).toMatchObject({ state: "done" });
  expect(of("done")).toHaveLength(1);
  expect(onSucceeded).toHaveBeenCalledTimes(1);
  await receiver.idle();
});

it.each<[string, boolean, (store: JobStore) => JobStore["get"]]>([
  ["the store fails", false, () => () => Promise.reject(new Error("down"))],
  ["the row was removed", false, () => async () => undefined],
  ["the row was removed", true, () => async () => undefined],
  ["the row is still leased", false, (inner) => inner.get],
  ["the row is still leased", true, (inner) => inner.get],
])("a refused settlement is lost when %s, after an outage: %s", async (_name, outage, get) => {
  const inner = memoryStore();
  let isDown = outage;
  const settle: JobStore["settle"] = async () => {
    if (isDown) throw new Error("down");
    return false;
  };
  const { receiver, of, warnings } = boot({ store: { ...inner, settle, get: get(inner) } });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  isDown = false;
  await pass(1_000);
  expect(warnings()).toEqual(outage ? ["store_unavailable", "lease_lost"] : ["lease_lost"]);
  expect(of("warning").at(-1)?.error.message).toBe(
    "Attempt 1 of job a lost its lease, so its outcome is not recorded and the callback runs again. Is the event loop blocked, or leaseMs too short?",
  );
  expect(of("done")).toEqual([]);
});

it("the newer lease is used when the loop claims the job while the store answers", async () => {
  let tries = 0;
  const { receiver, onSucceeded, of, warnings, store } = settling((inner) => async (lease, s) => {
    tries += 1;
    if (tries === 1) throw new Error("down");
    // The lease ends during the second try, and the loop claims the job again.
    if (tries === 2) {
      vi.setSystemTime(Date.now() + 61_000);
      void receiver.tick();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return inner.settle(lease, s);
  });
  await deliver(receiver, succeeded("a"));
  await pass(5_000);
  expect(await store.get("a")).toMatchObject({ state: "done", fence: 2 });
  expect(of("done")).toHaveLength(1);
  expect(onSucceeded).toHaveBeenCalledTimes(1);
  expect(warnings()).toEqual(["store_unavailable"]);
});

describe("a job that is claimed again after its outcome was recorded, and before the reply is here", () => {
  const failFirst = () =>
    vi.fn().mockRejectedValueOnce(new Error("no luck")).mockResolvedValue(undefined);

  /** A receiver whose first settlement fails; the reply to the second comes after `delayMs`. */
  function slowToReply(delayMs: number, options: Parameters<typeof boot>[0] = {}) {
    let tries = 0;
    return settling(
      (inner) => async (lease, s) => {
        tries += 1;
        if (tries === 1) throw new Error("down");
        const settled = await inner.settle(lease, s);
        if (tries === 2) await new Promise((resolve) => setTimeout(resolve, delayMs));
        return settled;
      },
      { onSucceeded: failFirst(), retry: { minDelayMs: 1 }, ...options },
    );
  }

  it.each([
    ["within the store's time", 3_000],
    ["too late", 10_000],
  ])("runs at once when the reply to a retry comes %s", async (_name, delayMs) => {
    const onSucceeded = failFirst();
    const { receiver, of, warnings, store, settle } = slowToReply(delayMs, { onSucceeded });
    await deliver(receiver, succeeded("a"));
    await pass(200);
    expect(await store.get("a")).toMatchObject({ state: "pending", fence: 1 });
    void receiver.tick();
    await pass(1);
    expect(onSucceeded).toHaveBeenCalledTimes(2);
    expect(await store.get("a")).toMatchObject({ state: "done", fence: 2, attempts: 2 });
    await pass(30_000);
    const asked = settle.mock.calls.length;
    await pass(30_000);
    expect(settle).toHaveBeenCalledTimes(asked);
    expect(onSucceeded).toHaveBeenCalledTimes(2);
    expect(of("retry")).toMatchObject([{ jobId: "a", attempt: 1 }]);
    expect(of("done")).toMatchObject([{ jobId: "a", attempt: 2 }]);
    expect(warnings()).toEqual(["store_unavailable"]);
  });

  it("runs a dead job that was redriven", async () => {
    const onSucceeded = failFirst();
    const { receiver, of, store } = slowToReply(3_000, { onSucceeded, retry: { maxAttempts: 1 } });
    await deliver(receiver, succeeded("a"));
    await pass(200);
    expect(await store.get("a")).toMatchObject({ state: "dead" });
    expect(await receiver.redrive("a")).toBe(true);
    void receiver.tick();
    await pass(5_000);
    expect(onSucceeded).toHaveBeenCalledTimes(2);
    expect(of("dead")).toHaveLength(1);
    expect(await store.get("a")).toMatchObject({ state: "done" });
  });
});

it.each([
  ["before", 0, (fence: number) => fence > 1],
  ["after", 6_000, () => true],
])(
  "keeps a later attempt's outcome, which comes %s the time for the earlier one's reply is over",
  async (_name, takesMs, isLost) => {
    let down = true;
    let isFirst = true;
    const onSucceeded = vi
      .fn(() => new Promise<void>((resolve) => setTimeout(resolve, takesMs)))
      .mockRejectedValueOnce(new Error("no luck"));
    const { receiver, of, store } = settling(
      (inner) => async (lease, s) => {
        if (!isFirst && down && isLost(lease.fence)) throw new Error("down");
        const settled = await inner.settle(lease, s);
        if (isFirst) {
          isFirst = false;
          return new Promise<boolean>(() => undefined);
        }
        return settled;
      },
      { onSucceeded, retry: { minDelayMs: 1 } },
    );
    await deliver(receiver, succeeded("a"));
    await pass(10);
    // The second attempt ends well, but that is not recorded.
    void receiver.tick();
    await pass(12_000);
    expect(onSucceeded).toHaveBeenCalledTimes(2);
    // Its lease runs out.
    vi.setSystemTime(Date.now() + 60_000);
    void receiver.tick();
    await pass(1);
    expect(await store.get("a")).toMatchObject({ state: "leased", fence: 3 });
    down = false;
    await pass(10_000);
    expect(await store.get("a")).toMatchObject({ state: "done", fence: 3 });
    expect(of("done")).toMatchObject([{ jobId: "a" }]);
    expect(onSucceeded).toHaveBeenCalledTimes(2);
  },
);

it("runs a job again that loses its lease elsewhere after an outcome was recorded late", async () => {
  let tries = 0;
  const onSucceeded = vi.fn().mockRejectedValueOnce(new Error("no luck"));
  const { receiver, of, store } = settling(
    (inner) => async (lease, s) => {
      tries += 1;
      if (tries === 1) throw new Error("down");
      return inner.settle(lease, s);
    },
    { onSucceeded, retry: { minDelayMs: 60_000 } },
  );
  await deliver(receiver, succeeded("a"));
  await pass(200);
  expect(of("retry")).toHaveLength(1);
  await store.claim({ owner: "elsewhere", leaseMs: 1_000, limit: 1, jobId: "a" });
  await pass(1_000);
  await receiver.tick();
  expect(of("done")).toMatchObject([{ jobId: "a", attempt: 3 }]);
  expect(onSucceeded).toHaveBeenCalledTimes(2);
});

it("settles under the newest lease, although an older lease's reply comes after it", async () => {
  const inner = memoryStore();
  const slow = defer();
  let down = true;
  let claims = 0;
  const onSucceeded = vi.fn();
  const { receiver, of } = boot({
    store: {
      ...inner,
      async settle(lease, s) {
        if (down) throw new Error("down");
        return inner.settle(lease, s);
      },
      async claim(o) {
        claims += 1;
        const leases = await inner.claim(o);
        if (claims === 1) await slow.promise;
        return leases;
      },
    },
    onSucceeded,
  });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  for (const fence of [2, 3]) {
    vi.setSystemTime(Date.now() + 60_000);
    receiver.tick().catch(() => undefined);
    await pass(5_000);
    expect(await inner.get("a")).toMatchObject({ state: "leased", fence });
  }
  slow.resolve();
  await pass(1);
  down = false;
  await pass(10_000);
  expect(await inner.get("a")).toMatchObject({ state: "done", fence: 3 });
  expect(of("done")).toHaveLength(1);
  expect(onSucceeded).toHaveBeenCalledTimes(1);
});

describe("a job whose lease runs out before its outcome is recorded", () => {
  /** A receiver whose settlements fail until `repair`, and whose lease has been lost since. */
  async function afterLostLease(options: Parameters<typeof boot>[0]) {
    let down = true;
    const booted = settling(
      (inner) => async (lease, s) => {
        if (down) throw new Error("down");
        return inner.settle(lease, s);
      },
      options,
    );
    await deliver(booted.receiver, succeeded("a"));
    await pass(1_000);
    vi.setSystemTime(Date.now() + 60_000);
    void booted.receiver.tick();
    await pass(1);
    expect(await booted.store.get("a")).toMatchObject({ state: "leased", fence: 2 });
    return { ...booted, repair: () => void (down = false) };
  }

  it("waits for its retry as long as it would have", async () => {
    const onSucceeded = vi.fn().mockRejectedValueOnce(new Error("no luck"));
    const { repair, of, store } = await afterLostLease({
      onSucceeded,
      retry: { minDelayMs: 20_000 },
    });
    repair();
    await pass(5_000);
    expect(await store.get("a")).toMatchObject({ state: "pending", error: "Error: no luck" });
    expect(onSucceeded).toHaveBeenCalledTimes(1);
    expect(of("retry")).toHaveLength(1);
    await pass(20_000);
    expect(onSucceeded).toHaveBeenCalledTimes(2);
    expect(of("done")).toHaveLength(1);
  });

  it("does not run again once it was handled, also on a store that does not report lost leases", async () => {
    const inner = memoryStore();
    const claim: JobStore["claim"] = async (o) =>
      (await inner.claim(o)).map(({ lost: _lost, ...lease }) => lease);
    let down = true;
    const settle: JobStore["settle"] = async (lease, s) => {
      if (down) throw new Error("down");
      return inner.settle(lease, s);
    };
    const onSucceeded = vi.fn();
    const { receiver, of } = boot({ store: { ...inner, claim, settle }, onSucceeded });
    await deliver(receiver, succeeded("a"));
    await pass(1_000);
    vi.setSystemTime(Date.now() + 60_000);
    void receiver.tick();
    await pass(1);
    down = false;
    await pass(10_000);
    expect(of("done")).toHaveLength(1);
    expect(onSucceeded).toHaveBeenCalledTimes(1);
  });
});
