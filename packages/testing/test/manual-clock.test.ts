import { createManualClock } from "@abstrakt-webhooks/testing";
import { expect, it } from "vitest";

it("the clock moves only when it is advanced, and works without `this`", () => {
  const { now, advance } = createManualClock(1_000);
  expect([now(), now()]).toEqual([1_000, 1_000]);
  advance(250);
  expect(now()).toBe(1_250);
});

it("the clock does not start at 0", () => {
  expect(createManualClock().now()).toBeGreaterThan(0);
});

it.each([-1, Number.NaN, Infinity, "5" as never])("the clock refuses to advance by %o", (ms) => {
  const clock = createManualClock(1_000);
  expect(() => clock.advance(ms)).toThrow("Expected `ms` to be 0 or more and finite");
  expect(clock.now()).toBe(1_000);
});

it.each([Number.NaN, new Date(1_000)])("a clock cannot start at %o", (startMs) => {
  expect(() => createManualClock(startMs as number)).toThrow(
    expect.objectContaining({
      code: "invalid_options",
      message: expect.stringContaining("Expected `startMs` to be a finite number"),
    }),
  );
});
