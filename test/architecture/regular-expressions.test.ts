import { expect, it } from "vitest";
import { patternsIn, slowestGrowth } from "./regular-expressions.ts";
import { readSources, toSource } from "./read-sources.ts";

const patterns = patternsIn(readSources());

/** The patterns that the sources compose at run time, as they are then. */
const MADE_AT_RUN_TIME: Readonly<Record<string, RegExp>> = {
  "packages/core/src/auth/token.ts":
    /^(v1\.([\w-]{8})\.(\d{1,16})\.([\w-]{22}\.[\w-]*))\.([\w-]{43})$/,
  "packages/store-redis/src/inspect.ts": /^maxmemory_policy:(\w[\w-]*)/m,
};

it("the patterns of the sources are found, and each that is composed at run time is known", () => {
  expect(patterns.length).toBeGreaterThan(40);
  const made = patterns.filter(({ regex }) => regex === undefined).map(({ path }) => path);
  expect(made).toEqual(Object.keys(MADE_AT_RUN_TIME));
});

const cases = patterns.map(
  ({ path, text, regex }) => [path, text, regex ?? MADE_AT_RUN_TIME[path]] as const,
);

it.each(cases)(
  "%s: a text of twice the length costs %s less than three times the time",
  (_path, text, regex) => {
    expect(slowestGrowth(regex ?? /never/, text)).toBeLessThan(3);
  },
);

it.each([
  ["quadratic because of its beginning", /\S*(?::\/\/|[?&][\w.~-]+=)\S*/g],
  ["quadratic because of its end", /\/+$/],
  ["quadratic because of white space", /\s+$/],
  ["quadratic because of two quantifiers", /^[a-z]*[a-z.]*\.com$/],
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
