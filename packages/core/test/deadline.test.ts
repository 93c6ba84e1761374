import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createDeadline } from "../src/deadline.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("expires each wait at its own time, behind one timer", () => {
  const deadline = createDeadline(1_000);
  const expired: string[] = [];
  deadline(() => expired.push("a"));
  vi.advanceTimersByTime(400);
  deadline(() => expired.push("b"));
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(599);
  expect(expired).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(expired).toEqual(["a"]);
  vi.advanceTimersByTime(400);
  expect(expired).toEqual(["a", "b"]);
  expect(vi.getTimerCount()).toBe(0);
});

it("does not expire a cancelled deadline, and still expires the next one", () => {
  const deadline = createDeadline(1_000);
  const expired: string[] = [];
  const cancel = deadline(() => expired.push("a"));
  cancel();
  vi.advanceTimersByTime(900);
  deadline(() => expired.push("b"));
  vi.advanceTimersByTime(999);
  expect(expired).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(expired).toEqual(["b"]);
});

it("sets a timer for each wait on Workers, where a timer ends with its request", () => {
  vi.stubGlobal("navigator", { userAgent: "Cloudflare-Workers" });
  const deadline = createDeadline(1_000);
  vi.unstubAllGlobals();
  const cancel = deadline(() => undefined);
  deadline(() => undefined);
  expect(vi.getTimerCount()).toBe(2);
  cancel();
  expect(vi.getTimerCount()).toBe(1);
});

it("expires again once a test that had faked the host's timers is over", async () => {
  const deadline = createDeadline(1);
  const expired: string[] = [];
  // An hour ahead of the host's clock, and then dropped with its timer.
  vi.advanceTimersByTime(3_600_000);
  deadline(() => expired.push("a"));
  vi.useRealTimers();
  deadline(() => expired.push("b"));
  await expect.poll(() => expired.length).toBe(2);
});

it("can be made where the host throws when it is asked for its navigator", () => {
  const original = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  const get = (): never => {
    throw new Error("no navigator here");
  };
  Object.defineProperty(globalThis, "navigator", { configurable: true, get });
  try {
    expect(createDeadline(1_000)).toBeTypeOf("function");
  } finally {
    if (original) Object.defineProperty(globalThis, "navigator", original);
    else Reflect.deleteProperty(globalThis, "navigator");
  }
});
