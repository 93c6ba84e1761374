import { createReceiver, memoryStore, startOnBoot, type Receiver } from "@abstrakt-webhooks/next";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const BOOTED = Symbol.for("abstrakt-webhooks.next.booted");
let own: NodeJS.SignalsListener[];
let exit: ReturnType<typeof vi.fn>;

beforeEach(() => {
  own = process.listeners("SIGTERM");
  process.removeAllListeners("SIGTERM");
  exit = vi.fn();
  vi.spyOn(process, "exit").mockImplementation(exit as unknown as typeof process.exit);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.removeAllListeners("SIGTERM");
  for (const listener of own) process.on("SIGTERM", listener);
  delete (globalThis as { [BOOTED]?: unknown })[BOOTED];
});

/** A receiver that records its calls, and whose drain ends when the test says so. */
function watched(lost = 0) {
  const calls: string[] = [];
  let finish = (): void => undefined;
  const receiver: Receiver = {
    ...createReceiver({ auth: "none", store: memoryStore() }),
    start: () => void calls.push("start"),
    async drain() {
      calls.push("drain");
      await new Promise<void>((resolve) => (finish = resolve));
      return { settled: 0, released: 0, lost };
    },
  };
  return { receiver, calls, finish: () => finish() };
}

const terminate = () => process.emit("SIGTERM");

describe("startOnBoot", () => {
  it("starts the receiver, and drains it on SIGTERM before the listeners that were registered earlier", async () => {
    const { receiver, calls, finish } = watched();
    const listener = vi.fn(() => void calls.push("Next closes"));
    process.on("SIGTERM", listener);
    startOnBoot(receiver);
    expect(calls).toEqual(["start"]);
    terminate();
    terminate();
    await new Promise((resolve) => setImmediate(resolve));
    expect(calls).toEqual(["start", "drain"]);
    finish();
    await expect.poll(() => calls).toEqual(["start", "drain", "Next closes"]);
    expect(listener).toHaveBeenCalledWith("SIGTERM");
    expect(exit).not.toHaveBeenCalled();
  });

  it.each([
    ["0 where no other listener does", 0, 0],
    ["1 when results were lost", 2, 1],
  ])("exits with %s", async (_, lost, code) => {
    const { receiver, finish } = watched(lost);
    startOnBoot(receiver);
    terminate();
    expect(exit).not.toHaveBeenCalled();
    finish();
    await expect.poll(() => exit.mock.calls).toEqual([[code]]);
  });

  it("leaves the exit to a listener that was registered later", async () => {
    const { receiver, calls, finish } = watched();
    startOnBoot(receiver);
    process.on("SIGTERM", () => void calls.push("the user's own"));
    terminate();
    finish();
    await new Promise((resolve) => setImmediate(resolve));
    expect(calls).toEqual(["start", "drain", "the user's own"]);
    expect(exit).not.toHaveBeenCalled();
  });

  it("adds one listener, however often it is called, and drains each receiver once", async () => {
    const [one, other] = [watched(), watched()];
    for (const { receiver } of [one, one, other, one]) startOnBoot(receiver);
    expect(process.listenerCount("SIGTERM")).toBe(1);
    terminate();
    expect(one.calls.filter((call) => call === "drain")).toHaveLength(1);
    expect(other.calls).toEqual(["start", "drain"]);
    one.finish();
    await new Promise((resolve) => setImmediate(resolve));
    expect(exit).not.toHaveBeenCalled();
    other.finish();
    await expect.poll(() => exit).toHaveBeenCalledTimes(1);
  });

  it.each([
    ["in an edge runtime", { NEXT_RUNTIME: "edge" }],
    ["while Next builds", { NEXT_PHASE: "phase-production-build" }],
  ])("does nothing %s", (_, env) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const { receiver, calls } = watched();
    startOnBoot(receiver);
    expect(calls).toEqual([]);
    expect(process.listenerCount("SIGTERM")).toBe(0);
  });

  it("does nothing where there is no process", () => {
    vi.stubGlobal("process", undefined);
    const { receiver, calls } = watched();
    try {
      startOnBoot(receiver);
    } finally {
      vi.unstubAllGlobals();
    }
    expect(calls).toEqual([]);
  });
});
