import {
  abstraktWebhook,
  createReceiver,
  memoryStore,
  sharedReceiver,
  startOnBoot,
  type Receiver,
} from "@abstrakt-webhooks/next";
import { deliver, succeededPayload } from "@abstrakt-webhooks/testing";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

const BOOTED = Symbol.for("abstrakt-webhooks.next.booted");
let own: NodeJS.SignalsListener[];
const exit = vi.fn<() => never>();

beforeEach(() => {
  own = process.listeners("SIGTERM");
  process.removeAllListeners("SIGTERM");
  vi.spyOn(process, "exit").mockImplementation(exit);
  exit.mockReset();
});
afterEach(() => {
  vi.restoreAllMocks();
  process.removeAllListeners("SIGTERM");
  for (const listener of own) process.on("SIGTERM", listener);
  delete (globalThis as { [BOOTED]?: unknown })[BOOTED];
});

/** Resolves after the listener of `startOnBoot` has ended. */
async function terminated(receiver: Receiver): Promise<void> {
  await receiver.drain();
  await new Promise((resolve) => setImmediate(resolve));
}

const open = () => createReceiver({ auth: "none", store: memoryStore() });

it.each(["on", "once"] as const)(
  "startOnBoot leaves the exit to a listener that process.%s added",
  async (add) => {
    const events: string[] = [];
    const receiver = open();
    startOnBoot(receiver);
    process[add]("SIGTERM", () => void events.push("the user's own"));
    process.emit("SIGTERM");
    await terminated(receiver);
    expect(events).toEqual(["the user's own"]);
    expect(exit).not.toHaveBeenCalled();
  },
);

it("startOnBoot exits although a listener was added during the drain", async () => {
  const receiver = open();
  startOnBoot(receiver);
  process.emit("SIGTERM");
  process.on("SIGTERM", () => undefined);
  await terminated(receiver);
  expect(exit).toHaveBeenCalledExactlyOnceWith(0);
});

it("a module that is evaluated after SIGTERM gets the receiver that drains", async () => {
  const make = vi.fn(() => ({ auth: "none", store: memoryStore() }) as const);
  const onSucceeded = vi.fn<() => void>();
  const evaluate = () => sharedReceiver("late", { onSucceeded }, make);
  const receiver = evaluate();
  startOnBoot(receiver);
  process.emit("SIGTERM");
  expect(evaluate()).toBe(receiver);
  await terminated(receiver);
  expect(evaluate()).toBe(receiver);
  expect(make).toHaveBeenCalledTimes(1);
  // A second receiver would accept this result, and lose it when the process exits.
  const [answer] = await deliver({ fetch: abstraktWebhook(evaluate()) }, succeededPayload());
  expect(answer?.status).toBe(503);
  expect(onSucceeded).not.toHaveBeenCalled();
});

it("without SIGTERM, a drained receiver is replaced by the next call", async () => {
  const evaluate = () =>
    sharedReceiver("replaced", {}, () => ({ auth: "none", store: memoryStore() }));
  const receiver = evaluate();
  startOnBoot(receiver);
  await receiver.drain();
  const next = evaluate();
  expect(next).not.toBe(receiver);
  await next.drain();
});
