import { expect, it } from "vitest";
import { createSlots } from "../../src/receiver/worker/slots.ts";

function boot(limit: number) {
  let changes = 0;
  const slots = createSlots(limit, () => void (changes += 1));
  /** Whether a promise has resolved, after a turn of the event loop. */
  const isResolved = async (promise: Promise<void>): Promise<boolean> => {
    const later = new Promise<boolean>((resolve) => setTimeout(resolve, 0, false));
    return Promise.race([promise.then(() => true), later]);
  };
  return { slots, isResolved, changes: () => changes };
}

it("a lease can be asked for while callbacks and requests are fewer than the limit", async () => {
  const { slots, isResolved } = boot(2);
  expect(slots.ask(5)).toBe(2);
  expect([slots.hasRoom(), slots.ask(1)]).toEqual([false, 0]);
  const available = slots.available();
  expect(await isResolved(available)).toBe(false);
  slots.answer(2, 0);
  expect(await isResolved(available)).toBe(true);
  expect([slots.hasRoom(), slots.inUse()]).toEqual([true, 0]);
});

it("whoever waits for no lease at all waits on while one of two is settled", async () => {
  const { slots, isResolved, changes } = boot(2);
  slots.answer(slots.ask(2), 2);
  const [empty, changed] = [slots.empty(), slots.changed()];
  const before = changes();
  slots.settled();
  expect(changes()).toBe(before + 1);
  expect([await isResolved(changed), await isResolved(empty)]).toEqual([true, false]);
  slots.settled();
  expect(await isResolved(empty)).toBe(true);
});

it("a callback that ends twice frees one slot", () => {
  const { slots } = boot(1);
  const [one, two] = [{ holdsSlot: false }, { holdsSlot: false }];
  expect([slots.begin(one), slots.begin(two)]).toEqual([true, false]);
  slots.end(one);
  expect(slots.begin(two)).toBe(true);
  slots.end(one);
  expect(slots.begin(one)).toBe(false);
});
