import { expect, it } from "vitest";
import { patternsIn, slowestGrowth } from "./patterns.ts";
import { readSources, toSource } from "./read-sources.ts";

const patterns = patternsIn(readSources());

/** The patterns that are put together at run time, as they are then. */
const MADE_AT_RUN_TIME: Readonly<Record<string, RegExp>> = {
  "packages/core/src/auth/token.ts":
    /^(v1\.([\w-]{8})\.(\d{1,16})\.([\w-]{22}\.[\w-]*))\.([\w-]{43})$/,
  "packages/store-redis/src/inspect.ts": /^maxmemory_policy:(\w[\w-]*)/m,
};

it("finds the patterns of the sources, and knows each that is made at run time", () => {
  expect(patterns.length).toBeGreaterThan(40);
  const made = patterns.filter(({ regex }) => regex === undefined).map(({ path }) => path);
  expect(made).toEqual(Object.keys(MADE_AT_RUN_TIME));
});

const cases = patterns.map(
  ({ path, text, regex }) => [path, text, regex ?? MADE_AT_RUN_TIME[path]] as const,
);

it.each(cases)(
  "%s: twice the text costs %s less than three times the time",
  (_path, text, regex) => {
    expect(slowestGrowth(regex ?? /never/, text)).toBeLessThan(3);
  },
);

it.each([
  ["quadratic, before a text", /\S*(?::\/\/|[?&][\w.~-]+=)\S*/g],
  ["quadratic, at the end", /\/+$/],
  ["quadratic, by white space", /\s+$/],
  ["quadratic, by a quantifier twice", /^[a-z]*[a-z.]*\.com$/],
  ["exponential", /^(\w+\s?)+$/],
  ["exponential, by alternatives", /^(a|aa)+$/],
])("the check sees a pattern that is %s", (_what, regex) => {
  expect(slowestGrowth(regex, regex.source)).toBeGreaterThanOrEqual(3);
});

it("the check finds literals and calls of RegExp", () => {
  const text = 'const a = /x+/g;\nconst b = new RegExp(a + "y");\nconst c = RegExp("z");';
  expect(patternsIn([toSource("a.ts", text)]).map((one) => [one.text, one.regex])).toEqual([
    ["/x+/g", /x+/g],
    ['new RegExp(a + "y")', undefined],
    ['RegExp("z")', undefined],
  ]);
});
