import fc from "fast-check";
import { expect, it } from "vitest";
import { createWakeTimes } from "../../src/receiver/worker/wake-times.ts";

it("first() gives the earliest time that is not forgotten, at most 20 ms late and never early", () => {
  const times = fc.array(fc.integer({ min: 0, max: 5_000 }));
  fc.assert(
    fc.property(times, fc.integer({ min: 0, max: 5_000 }), (added, nowMs) => {
      const due = createWakeTimes();
      for (const atMs of added) due.add(atMs);
      due.forgetUntil(nowMs);
      const rounded = added.map((atMs) => Math.ceil(atMs / 20) * 20).filter((at) => at >= nowMs);
      expect(due.first()).toBe(Math.min(Infinity, ...rounded));
    }),
  );
});
