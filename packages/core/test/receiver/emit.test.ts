import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createEvents, guarded, warning, withHidden } from "../../src/receiver/events/emit.ts";

const error = vi.fn();
beforeEach(() => void vi.spyOn(console, "error").mockImplementation(error));
afterEach(() => {
  vi.restoreAllMocks();
  error.mockClear();
});

const none = () => undefined;

it("the console names the listener that threw", () => {
  const events = createEvents(() => none);
  const bad = () => {
    throw new Error("bad");
  };
  events.subscribe(bad, bad);
  events.emit(warning("internal", "x"));
  events.callOnDrain();
  const line = "[abstrakt-webhooks] a subscriber threw Error: bad";
  expect(error.mock.calls).toEqual([[line], [line]]);
});

it("a subscriber without `onDrain` is left alone at a drain", () => {
  const events = createEvents(() => none);
  events.subscribe(none);
  events.callOnDrain();
  expect(error).not.toHaveBeenCalled();
});

it("an `onEvent` and a subscriber count as listeners, and the console does not", () => {
  const given: { onEvent?: () => void } = {};
  const events = createEvents(() => given.onEvent);
  expect(events.hasListeners()).toBe(false);
  const leave = events.subscribe(none);
  expect(events.hasListeners()).toBe(true);
  leave();
  expect(events.hasListeners()).toBe(false);
  given.onEvent = none;
  expect(events.hasListeners()).toBe(true);
});

it("a warning has no job where it is about none", () => {
  const named = { code: "internal", message: "x" };
  expect(warning("internal", "x")).toStrictEqual({ type: "warning", error: named });
  expect(warning("internal", "x", "a")).toStrictEqual({
    type: "warning",
    jobId: "a",
    error: named,
  });
});

it("an event has no hidden property where there is no value for it", () => {
  expect(withHidden(warning("internal", "x"), "cause", undefined)).not.toHaveProperty("cause");
  expect(withHidden(warning("internal", "x"), "cause", 7)).toHaveProperty("cause", 7);
});

it("a synchronous listener costs no promise", async () => {
  expect(guarded("x", () => 7)).toBeUndefined();
  await expect(guarded("x", async () => 7)).resolves.toBeUndefined();
});
