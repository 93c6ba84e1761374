import { afterEach, expect, it, vi } from "vitest";
import { monotonicClock, renewTimers, timer } from "../src/clock.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const fires = (callback: { mock: { calls: unknown[] } }): Promise<unknown> =>
  expect.poll(() => callback.mock.calls.length).toBeGreaterThan(0);

it("a timer that was set while a test had faked the host's timers is fired by the host", async () => {
  vi.useFakeTimers();
  const callback = vi.fn();
  timer(1, callback);
  vi.useRealTimers();
  renewTimers();
  await fires(callback);
  renewTimers();
  expect(callback).toHaveBeenCalledTimes(1);
});

it("a timer that was set while the host had no timers is fired by the host", async () => {
  vi.stubGlobal("setTimeout", undefined);
  const callback = vi.fn();
  timer(1, callback);
  renewTimers();
  vi.unstubAllGlobals();
  renewTimers();
  await fires(callback);
});

it("a cancelled timer does not fire, neither the clock's own nor the host's", async () => {
  vi.useFakeTimers();
  const cancelled = vi.fn();
  const cancel = timer(1, cancelled);
  const kept = vi.fn();
  timer(1, kept);
  vi.useRealTimers();
  cancel();
  renewTimers();
  await fires(kept);
  expect(cancelled).not.toHaveBeenCalled();
});

it("faked timers fire when the test that faked them says so", () => {
  vi.useFakeTimers();
  timer(1, () => undefined);
  vi.useRealTimers();
  vi.useFakeTimers();
  renewTimers();
  expect(vi.getTimerCount()).toBe(0);
});

it("the host's own timer is cancelled without an error after a test has faked the timers", () => {
  const cancel = timer(60_000, () => undefined);
  vi.useFakeTimers();
  const complaints = [
    vi.spyOn(console, "warn").mockReturnValue(),
    vi.spyOn(process, "emitWarning").mockReturnValue(),
  ];
  cancel();
  for (const complaint of complaints) expect(complaint).not.toHaveBeenCalled();
});

it("the clock throws nothing where the host's timers throw", () => {
  const throws = (): never => {
    throw new Error("no timers here");
  };
  vi.stubGlobal("setTimeout", throws);
  const cancel = timer(1, () => undefined);
  expect(cancel).not.toThrow();
});

it("the clock measures time on a host without `performance`", () => {
  vi.stubGlobal("performance", undefined);
  const startedAtMs = monotonicClock();
  expect(monotonicClock()).toBeGreaterThanOrEqual(startedAtMs);
});

it("monotonic time goes on where it was when a test fakes the host's clock, and restores it", () => {
  let hostMs = 3_600_000;
  vi.stubGlobal("performance", { now: () => hostMs });
  const times = [monotonicClock()];
  const note = () => times.push(monotonicClock());
  let fakeMs = 0;
  const real = performance;
  vi.stubGlobal("performance", { now: () => fakeMs });
  note();
  fakeMs += 500;
  note();
  vi.stubGlobal("performance", real);
  note();
  hostMs += 7;
  note();
  expect(times.map((time) => time - (times[0] ?? 0))).toEqual([0, 0, 500, 500, 507]);
});
