import { afterEach, describe, expect, it, vi } from "vitest";
import { memoryStore, type Ack, type Receiver } from "../../src/index.ts";
import { boot, deliver, post, succeeded, watchRejections } from "./support.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const rejections = watchRejections();

const throws = (): never => {
  throw new Error("A Node.js API is used (setImmediate)");
};

/** Delivers and starts the work while the host is replaced, and restores it for the test runner. */
async function deliverOn(
  globals: Record<string, unknown>,
  receiver: Receiver,
  jobId: string,
): Promise<{ ack: Ack; working: Promise<void> }> {
  const ack = await receiver.handle(post(succeeded(jobId)));
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
  try {
    return { ack, working: ack.work?.() ?? Promise.reject(new Error("no work")) };
  } finally {
    vi.unstubAllGlobals();
  }
}

describe("on a host whose setImmediate throws", () => {
  const immediate = { setImmediate: throws };

  it("every callback runs, one warning is emitted, and the next result runs at once", async () => {
    const onSucceeded = vi.fn();
    const { receiver, warnings, of } = boot({ onSucceeded, limits: { concurrency: 3 } });
    const started = [];
    for (const jobId of ["a", "b", "c"]) started.push(await deliverOn(immediate, receiver, jobId));
    expect(started.map(({ ack }) => ack.status)).toEqual([200, 200, 200]);
    await Promise.all(started.map(({ working }) => working));
    expect(of("done").map(({ jobId }) => jobId)).toEqual(["a", "b", "c"]);
    expect(warnings()).toEqual(["not_startable"]);

    const ack = await receiver.handle(post(succeeded("d")));
    await ack.work?.();
    expect(of("done").map(({ jobId }) => jobId)).toEqual(["a", "b", "c", "d"]);
    expect(onSucceeded).toHaveBeenCalledTimes(4);
  });

  it("results of `ingest` run", async () => {
    const { receiver, of } = boot();
    vi.stubGlobal("setImmediate", throws);
    try {
      await receiver.ingest(succeeded("a"));
    } finally {
      vi.unstubAllGlobals();
    }
    await expect.poll(() => of("done").length).toBe(1);
  });
});

it("callbacks run on a host that has no timers", async () => {
  const nothing = { setImmediate: undefined, setTimeout: undefined, MessageChannel: undefined };
  const { receiver, of, warnings } = boot();
  const { working } = await deliverOn(nothing, receiver, "a");
  await working;
  expect(of("done")).toHaveLength(1);
  expect(warnings()).toEqual([]);
});

it("callbacks run while a test has faked the host's timers, and after it has restored them", async () => {
  // A process that has run for an hour: fake clocks begin at 0, so this one falls and rises by it.
  const { performance: real } = globalThis;
  vi.stubGlobal("performance", { now: () => real.now() + 3_600_000 });
  vi.useFakeTimers();
  const { receiver, of } = boot({ limits: { concurrency: 1 } });
  await (await receiver.handle(post(succeeded("a")))).work?.();
  expect(of("done")).toHaveLength(1);
  await deliver(receiver, succeeded("b"));
  vi.useRealTimers();
  await expect.poll(() => of("done").length).toBe(2);
  await (await receiver.handle(post(succeeded("c")))).work?.();
  expect(of("done")).toHaveLength(3);
});

it("a retry that fell due under a test's fake timers runs when another result arrives", async () => {
  vi.useFakeTimers();
  const onSucceeded = vi.fn().mockRejectedValueOnce(new Error("not yet"));
  const { receiver, of } = boot({ onSucceeded, retry: { minDelayMs: 1 } });
  await (await receiver.handle(post(succeeded("a")))).work?.();
  expect(of("retry")).toHaveLength(1);
  vi.useRealTimers();
  await deliver(receiver, succeeded("b"));
  await expect.poll(() => of("done").length).toBe(2);
});

describe("a run that cannot be started", () => {
  it("frees its slot, releases its lease and emits a warning", async () => {
    const clock = vi.fn(Date.now);
    const store = memoryStore();
    const settle = vi.fn(store.settle);
    const { receiver, warnings, of } = boot({
      store: { ...store, settle },
      clock,
      limits: { concurrency: 1 },
      retry: { minDelayMs: 10 },
    });
    const ack = await receiver.handle(post(succeeded("a")));
    const working = ack.work?.();
    // A run starts with a read of the clock.
    clock.mockImplementationOnce(throws);
    await working;
    expect(settle.mock.calls[0]?.[1]).toEqual({ to: "release", delayMs: 10 });
    expect(warnings()).toEqual(["not_startable"]);
    await (await receiver.handle(post(succeeded("b")))).work?.();
    expect(of("done").map(({ jobId }) => jobId)).toContain("b");
    await expect.poll(() => of("done").length).toBe(2);
    expect(of("done").find(({ jobId }) => jobId === "a")).toMatchObject({ attempt: 1 });
  });

  it("never rejects, and leaves no unhandled rejection", async () => {
    const { receiver } = boot({ background: throws });
    const silent = vi.spyOn(console, "error").mockReturnValue();
    const ack = await receiver.handle(post(succeeded("a")));
    await expect(ack.work?.()).resolves.toBeUndefined();
    expect(silent).toHaveBeenCalled();
    await new Promise((resolve) => setImmediate(resolve));
    expect(rejections).toEqual([]);
  });
});
