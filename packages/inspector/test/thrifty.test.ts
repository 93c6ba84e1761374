import { expect, it } from "vitest";
import { createThrifty } from "../src/source/thrifty.ts";

function boot(tookMs: number) {
  let [nowMs, reads, fails] = [1_000, 0, false];
  const thrifty = createThrifty(
    async () => {
      reads += 1;
      nowMs += tookMs;
      if (fails) throw new Error("no answer");
      return reads;
    },
    () => nowMs,
  );
  return {
    ...thrifty,
    setClock: (ms: number) => void (nowMs = ms),
    breakIt: (broken: boolean) => void (fails = broken),
  };
}

it("a value that takes no time to read is read each time", async () => {
  const { read } = boot(0);
  expect([await read(), await read(), await read()]).toEqual([1, 2, 3]);
});

it("a value that took 50 ms to read is kept for a second", async () => {
  const { read, setClock } = boot(50);
  expect(await read()).toBe(1);
  setClock(2_049);
  expect(await read()).toBe(1);
  setClock(2_050);
  expect(await read()).toBe(2);
});

it("a value that took a minute to read is kept for ten seconds", async () => {
  const { read, setClock } = boot(60_000);
  expect(await read()).toBe(1);
  setClock(61_000 + 9_999);
  expect(await read()).toBe(1);
  setClock(61_000 + 10_000);
  expect(await read()).toBe(2);
});

it("all callers during a read share it", async () => {
  const { read } = boot(50);
  expect(await Promise.all([read(), read()])).toEqual([1, 1]);
});

it("a value is read again on request, after an error, and after the clock was set back", async () => {
  const { read, forget, breakIt, setClock } = boot(50);
  expect(await read()).toBe(1);
  forget();
  expect(await read()).toBe(2);
  setClock(500);
  breakIt(true);
  await expect(read()).rejects.toThrow("no answer");
  breakIt(false);
  expect(await read()).toBe(4);
});
