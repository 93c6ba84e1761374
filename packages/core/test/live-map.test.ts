import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { createLiveMap } from "../src/live-map.ts";

it("holds what a `Map` holds, whatever came and went before", () => {
  const map = createLiveMap<number>();
  const model = new Map<string, number>();
  let random = 1;
  for (let step = 0; step < 10_000; step += 1) {
    random = (random * 16_807) % 2_147_483_647;
    const key = `key ${random % 20}`;
    if (random % 3 === 0) {
      map.delete(key);
      model.delete(key);
    } else {
      map.set(key, step);
      model.set(key, step);
    }
    expect([map.get(key), map.size()]).toEqual([model.get(key), model.size]);
  }
  for (let index = 0; index < 20; index += 1) {
    expect(map.get(`key ${index}`)).toBe(model.get(`key ${index}`));
  }
});

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as (o?: { type: "minor" }) => void;

it("lets go of a value that is deleted, and of one that is replaced", async () => {
  const map = createLiveMap<object>();
  const put = (key: string): WeakRef<object> => {
    const value = {};
    map.set(key, value);
    return new WeakRef(value);
  };
  const refs = [put("deleted"), put("replaced")];
  map.delete("deleted");
  map.set("replaced", {});
  await new Promise((resolve) => setTimeout(resolve, 0));
  gc();
  expect(refs.map((ref) => ref.deref())).toEqual([undefined, undefined]);
});

it("a value that is deleted is freed before the next full garbage collection", () => {
  const freeYoung = (): void => {
    gc({ type: "minor" });
    gc({ type: "minor" });
  };
  const oldSpaceUsed = (): number =>
    getHeapSpaceStatistics().find(({ space_name }) => space_name === "old_space")
      ?.space_used_size ?? Number.NaN;
  const count = 20_000;

  const map = createLiveMap<object>();
  const pass = (entries: number): void => {
    for (let index = 0; index < entries; index += 1) {
      map.set(`key ${index}`, { value: Array.from({ length: 100 }, () => index) });
      map.delete(`key ${index - 64}`);
    }
  };
  pass(300);
  gc();
  freeYoung();
  const before = oldSpaceUsed();
  pass(count);
  freeYoung();
  // It is about 70. A `Map` makes it 360.
  expect((oldSpaceUsed() - before) / count).toBeLessThan(200);
});
