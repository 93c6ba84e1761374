import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createDeadline } from "../src/deadline.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("each wait expires at its own time, and all share one timer", () => {
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

it("a cancelled deadline does not expire, and the next one still does", () => {
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

it("each wait has its own timer on Workers, where a timer ends with its request", () => {
  vi.stubGlobal("navigator", { userAgent: "Cloudflare-Workers" });
  const deadline = createDeadline(1_000);
  vi.unstubAllGlobals();
  const cancel = deadline(() => undefined);
  deadline(() => undefined);
  expect(vi.getTimerCount()).toBe(2);
  cancel();
  expect(vi.getTimerCount()).toBe(1);
});

it("waits expire again after a test that had faked the host's timers has ended", async () => {
  const deadline = createDeadline(1);
  const expired: string[] = [];
  // This timer is an hour ahead of the host's clock, and is dropped with the fake timers.
  vi.advanceTimersByTime(3_600_000);
  deadline(() => expired.push("a"));
  vi.useRealTimers();
  deadline(() => expired.push("b"));
  await expect.poll(() => expired.length).toBe(2);
});

it("deadlines can be created where the host throws at a read of its navigator", () => {
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
