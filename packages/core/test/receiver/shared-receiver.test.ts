import { afterEach, expect, it, vi } from "vitest";
import {
  memoryStore,
  sharedReceiver,
  type Callbacks,
  type Receiver,
  type SharedOptions,
} from "../../src/index.ts";
import { deliver, failed, pass, succeeded, useFakeTime } from "./support.ts";

useFakeTime();
const made: Receiver[] = [];
afterEach(async () => {
  await Promise.all(made.splice(0).map((receiver) => receiver.drain()));
  vi.restoreAllMocks();
});

const options = (): SharedOptions => ({ auth: "none", store: memoryStore() });

function shared(callbacks: Callbacks, make = options, name = "results"): Receiver {
  const receiver = sharedReceiver(name, callbacks, make);
  made.push(receiver);
  return receiver;
}

it("each name has one receiver, and `make` runs once", () => {
  const make = vi.fn(options);
  const first = shared({}, make);
  expect(shared({}, make)).toBe(first);
  expect(make).toHaveBeenCalledTimes(1);
  expect(shared({}, make, "others")).not.toBe(first);
});

it("the newest callbacks are called, beginning with the next attempt", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const calls: string[] = [];
  let finish = (): void => undefined;
  const receiver = shared({
    onSucceeded: async () => {
      calls.push("first begins");
      await new Promise<void>((resolve) => (finish = resolve));
      calls.push("first ends");
      throw new Error("a retry");
    },
    onFailed: () => void calls.push("first, failed"),
  });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  shared({ onSucceeded: () => void calls.push("second") });
  finish();
  await pass(1);
  expect(calls).toEqual(["first begins", "first ends"]);
  await pass(2_000);
  expect(calls).toEqual(["first begins", "first ends", "second"]);
  // A callback that is left out is removed.
  await deliver(receiver, failed("b"));
  await pass(1);
  expect(calls).toHaveLength(3);
});

it("the newest `onDead` and `onEvent` are called, and the console prints where there is none", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const calls: string[] = [];
  const onSucceeded = () => {
    throw new Error("no");
  };
  const make = (): SharedOptions => ({ auth: "none", retry: { maxAttempts: 1 } });
  const receiver = shared({ onSucceeded }, make);
  await deliver(receiver, succeeded("a"));
  await pass(1);
  expect(warn).toHaveBeenCalledWith(expect.stringContaining("No `store` was given"));
  shared({
    onSucceeded,
    onDead: (record) => void calls.push(`dead ${record.jobId}`),
    onEvent: (event) => void calls.push(`${event.type} ${"jobId" in event && event.jobId}`),
  });
  await deliver(receiver, succeeded("b"));
  await pass(1);
  expect(calls).toEqual(["stored b", "attempt b", "dead b", "dead b"]);
});

it("the name is free when the drain begins", async () => {
  let finish = (): void => undefined;
  const first = shared({ onSucceeded: () => new Promise<void>((resolve) => (finish = resolve)) });
  await deliver(first, succeeded("a"));
  await pass(1);
  const draining = first.drain();
  const second = shared({});
  expect(second).not.toBe(first);
  finish();
  expect(await draining).toMatchObject({ settled: 1 });
  // Neither the end of the first drain nor a further drain frees the name for the second receiver.
  await first.drain();
  expect(shared({})).toBe(second);
});

it("the name stays taken when the drain is refused", async () => {
  const receiver = shared({});
  await expect(receiver.drain({ timeoutMs: -1 })).rejects.toMatchObject({
    code: "invalid_options",
  });
  expect(shared({})).toBe(receiver);
});

it("the name stays free when `make` throws", () => {
  const make = (): SharedOptions => {
    throw new Error("no such database");
  };
  expect(() => shared({}, make)).toThrow("no such database");
  expect(shared({})).toBeDefined();
});

it("a name has 1 to 64 visible characters", () => {
  for (const name of ["!", "~", "a".repeat(64)]) shared({}, options, name);
  for (const name of ["", "a b", "a\n", "\u00e9", "a".repeat(65)]) {
    expect(() => shared({}, options, name), name).toThrow(
      `Expected \`name\` to be 1 to 64 visible ASCII characters, got "${name}".`,
    );
  }
  expect(() => shared({}, options, "a".repeat(101))).toThrow(`got "${"a".repeat(100)}".`);
});

it.each([
  ["a name", [7, {}, options], "Expected `name` to be 1 to 64 visible ASCII characters, got 7."],
  ["callbacks", ["x", null, options], "Expected `callbacks` to be an object such as"],
  ["a callback", ["x", { onFailed: 7 }, options], "`callbacks.onFailed` to be a function, got 7"],
  ["another option", ["x", { auth: "none" }, options], "Unknown option `callbacks.auth`"],
  ["make", ["x", {}, {}], "Expected `make` to be a function, got object"],
  ["nothing made", ["x", {}, () => undefined], "Expected `make` to return receiver options"],
  ["null made", ["x", {}, () => null], "Expected `make` to return receiver options"],
  ["text as callbacks", ["x", "y", options], "Expected `callbacks` to be an object such as"],
  ["a promise", ["x", {}, async () => options()], "got a promise. It must not be async"],
  [
    "a callback in make",
    ["x", {}, () => ({ ...options(), onDead: () => undefined })],
    "Expected `make` to return options without callbacks, got `onDead`. Pass it in `callbacks`.",
  ],
])("%s that does not fit is refused", (_, given, message) => {
  const call = () => Reflect.apply(sharedReceiver, undefined, given);
  expect(call).toThrow(message);
  expect(call).toThrow(expect.objectContaining({ code: "invalid_options" }));
});
