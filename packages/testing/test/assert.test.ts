import { describe, expect, it } from "vitest";
import { equal, ok } from "../src/index.ts";
import { skipVisibly } from "../src/test-api.ts";

describe("equal", () => {
  it.each<[unknown, unknown]>([
    [1, 1],
    [Number.NaN, Number.NaN],
    [{ a: [1, { b: "c" }] }, { a: [1, { b: "c" }] }],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [{ a: 1, b: undefined }, { a: 1 }],
    [[], []],
  ])("%j equals %j", (got, expected) => equal(got, expected, "it"));

  it.each<[unknown, unknown]>([
    [1, 2],
    [0, -0],
    [1, "1"],
    [null, undefined],
    [null, {}],
    [[], {}],
    [{}, []],
    [[1, 2], [1]],
    [[1], [1, 2]],
    [{ a: 1 }, { a: 1, b: 1 }],
    [{ a: 1, b: 1 }, { a: 1 }],
    [{ a: { b: 1 } }, { a: { b: 2 } }],
    ["a", { 0: "a" }],
  ])("%j does not equal %j", (got, expected) => expect(() => equal(got, expected, "it")).toThrow());

  it("equal says what it compares, what was expected and what came", () =>
    expect(() => equal({ a: 1 }, [2], "the row")).toThrow('the row: expected [2], got {"a":1}'));

  it("equal shows numbers that JSON cannot hold", () =>
    expect(() => equal({ a: 1n, b: Number.NaN }, 2n, "it")).toThrow(
      'it: expected 2n, got {"a":"1n","b":"NaN"}',
    ));

  it("equal shortens long values", () => {
    const long = "x".repeat(100_000);
    expect(() => equal(long, undefined, "it")).toThrow(
      /^it: expected undefined, got "x{399}\.\.\.$/,
    );
  });
});

describe("ok", () => {
  it("ok accepts a truthy value, and names a value that is not", () => {
    ok(1, "a number");
    expect(() => ok(0, "a number above 0")).toThrow("expected a number above 0");
  });
});

describe("skipVisibly", () => {
  const collect = () => {
    const names: string[] = [];
    const note = (kind: string) => (name: string) => void names.push(`${kind} ${name}`);
    return { names, describe: note("describe"), it: note("it"), skip: note("skip") };
  };

  it("skipVisibly uses the runner's skip where there is one", () => {
    const api = collect();
    skipVisibly(api, "redrives", "no redrive");
    expect(api.names).toEqual(["skip redrives (skipped: no redrive)"]);
  });

  it("skipVisibly registers an empty test, with the reason in its name, where there is none", () => {
    const { skip, ...api } = collect();
    skipVisibly(api, "redrives", "no redrive");
    expect(api.names).toEqual(["it redrives (skipped: no redrive)"]);
  });
});
