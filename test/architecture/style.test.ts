import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { Visitor } from "oxc-parser";
import { undocumentedExports } from "./exports.ts";
import { strictInputs } from "./inputs.ts";
import { readSources, toSource, type SourceFile } from "./read-sources.ts";

const sources = readSources();
const lines = ({ text }: SourceFile): number => text.trimEnd().split("\n").length;

it("no file has more than 200 lines, and half of the files have at most 90", () => {
  expect(sources.filter((source) => lines(source) > 200).map(({ path }) => path)).toEqual([]);
  const sorted = sources.map(lines).sort((a, b) => a - b);
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(90);
});

it("file names are in kebab case", () => {
  const names = sources.map(({ path }) => path.replace(/^packages\/[a-z0-9-]+\/src\//, ""));
  expect(
    names.filter(
      (name) => !/^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*(\.workers)?\.tsx?$/.test(name),
    ),
  ).toEqual([]);
});

const forbidden: Record<string, (source: SourceFile) => boolean> = {
  "the type any": ({ program }) => {
    let found = false;
    new Visitor({ TSAnyKeyword: () => void (found = true) }).visit(program);
    return found;
  },
  "a default export": ({ program }) =>
    program.body.some(({ type }) => type === "ExportDefaultDeclaration"),
  "a silenced compiler": ({ text }) => /@ts-(ignore|expect-error|nocheck)/.test(text),
  "a silenced linter": ({ text }) => /(ox|es)lint-disable/.test(text),
  "unfinished work": ({ text }) => /\b(TODO|FIXME|XXX|HACK)\b/.test(text),
};

it.each(Object.entries(forbidden))("no source contains %s", (_, holds) => {
  expect(sources.filter(holds).map(({ path }) => path)).toEqual([]);
});

it.each([
  ["the type any", "export const a = (b: Record<string, any>) => b;"],
  ["a default export", "export default 1;"],
  ["a silenced compiler", "// @ts-ignore\nexport const a = 1;"],
  ["a silenced linter", "// oxlint-disable-next-line\nexport const a = 1;"],
  ["unfinished work", "// TODO\nexport const a = 1;"],
])("the check sees %s", (name, text) => {
  expect(forbidden[name]?.(toSource("packages/core/src/a.ts", text))).toBe(true);
});

const entries = sources
  .map(({ path }) => path)
  .filter((path) => /\/src\/(([a-z-]+\/)?index|adapter|store|dialect)\.ts$/.test(path));

it.each(entries)("every exported name of %s has JSDoc", (entry) => {
  expect(undocumentedExports(entry, sources)).toEqual([]);
});

it("the check sees an export without JSDoc", () => {
  const entry = toSource("packages/a/src/index.ts", 'export { a, b, type C } from "./a.ts";');
  const file = toSource(
    "packages/a/src/a.ts",
    "/** Said. */\nexport const a = 1;\nexport function b() {}\n/* No JSDoc. */\nexport interface C {}",
  );
  expect(undocumentedExports(entry.path, [entry, file])).toEqual([
    "packages/a/src/a.ts: b",
    "packages/a/src/a.ts: C",
  ]);
});

it.each(entries)("every optional property of an input of %s accepts undefined", (entry) => {
  expect(strictInputs(entry, sources)).toEqual([]);
});

it("the check sees an optional property that refuses undefined", () => {
  const entry = toSource("packages/a/src/index.ts", 'export { a, type B } from "./a.ts";');
  const file = toSource(
    "packages/a/src/a.ts",
    `export interface AOptions {
      a?: string; b?(): void; c?: { d?: 1 } | undefined;
      e?: ((o: { f?: 1 }) => void) | undefined; g?: unknown;
    }
    export interface B { h?: 1; i(o?: { j?: 1; k?: 1 | undefined }): { l?: 1 }; }
    export const a = ({ m }: { m?: 1 } = {}, n?: 1): { o?: 1 } => ({});
    export function p(q: { r?: 1 }): void;`,
  );
  expect(strictInputs(entry.path, [entry, file])).toEqual(
    ["a?: string;", "b?(): void;", "d?: 1", "j?: 1;", "m?: 1", "r?: 1"].map(
      (found) => `packages/a/src/a.ts: ${found}`,
    ),
  );
});

it("every package has a README that names it", () => {
  const packages = readdirSync("packages");
  const silent = packages.filter((name) => {
    const readme = `packages/${name}/README.md`;
    return (
      !existsSync(readme) || !readFileSync(readme, "utf8").includes(`@abstrakt-webhooks/${name}`)
    );
  });
  expect(silent).toEqual([]);
});
