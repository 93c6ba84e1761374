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

it("reads each time what takes no time to read", async () => {
  const { read } = boot(0);
  expect([await read(), await read(), await read()]).toEqual([1, 2, 3]);
});

it("shows what took 50 ms to read for a second", async () => {
  const { read, setClock } = boot(50);
  expect(await read()).toBe(1);
  setClock(2_049);
  expect(await read()).toBe(1);
  setClock(2_050);
  expect(await read()).toBe(2);
});

it("shows what took a minute to read for ten seconds at most", async () => {
  const { read, setClock } = boot(60_000);
  expect(await read()).toBe(1);
  setClock(61_000 + 9_999);
  expect(await read()).toBe(1);
  setClock(61_000 + 10_000);
  expect(await read()).toBe(2);
});

it("reads once for all who ask while it reads", async () => {
  const { read } = boot(50);
  expect(await Promise.all([read(), read()])).toEqual([1, 1]);
});

it("reads anew where it was told to, where reading failed, and where the clock was set back", async () => {
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
