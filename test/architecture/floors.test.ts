import { expect, it } from "vitest";
import { floorViolations, importCycles } from "./floors.ts";
import { readSources, toSource } from "./read-sources.ts";

const sources = readSources();
const core = "packages/core/src";

it("imports go down or sideways, and outside only to packages that the floor allows", () => {
  expect(sources.length).toBeGreaterThan(60);
  expect(floorViolations(sources)).toEqual([]);
});

it("no imports form a circle, types included", () => {
  expect(importCycles(sources)).toEqual([]);
});

it("core names no Node module", () => {
  const named = sources
    .filter(({ path }) => path.startsWith(core))
    .flatMap(({ path, imports }) => imports.map(({ specifier }) => `${path} -> ${specifier}`))
    .filter((edge) => edge.includes("-> node:"));
  expect(named).toEqual([]);
});

it.each([
  [
    "an import one floor up",
    `${core}/store/s.ts`,
    'import type { A } from "../receiver/parts.ts";',
    "climbs",
  ],
  [
    "an import upwards within the receiver",
    `${core}/receiver/run/a.ts`,
    'import type { A } from "../worker/a.ts";',
    "climbs",
  ],
  [
    "an import upwards to the payload",
    `${core}/errors.ts`,
    'export { a } from "./payload/a.ts";',
    "climbs",
  ],
  [
    "an import of the package's own entry",
    `${core}/receiver/parts.ts`,
    'import { a } from "../index.ts";',
    "entry",
  ],
  [
    "an import of another package's file",
    "packages/hono/src/a.ts",
    'import "../../core/src/a.ts";',
    "leaves",
  ],
  ["an import of Node in core", `${core}/body.ts`, 'import "node:buffer";', "may import"],
  [
    "an import of zod outside payload",
    `${core}/receiver/parts.ts`,
    'import * as z from "zod/v4/core";',
    "may import",
  ],
  [
    "an import of a framework's values",
    "packages/hono/src/a.ts",
    'import { Hono } from "hono";',
    "may import",
  ],
  [
    "an import of another framework",
    "packages/hono/src/a.ts",
    'import type { A } from "express";',
    "may import",
  ],
  [
    "an import of what stores share, in the testing package",
    "packages/testing/src/a.ts",
    'import "@abstrakt-webhooks/core/store";',
    "may import",
  ],
  [
    "an import of Hono in the testing package",
    "packages/testing/src/a.ts",
    'const a = import("hono");',
    "may import",
  ],
  [
    "an import of another store",
    "packages/store-redis/src/a.ts",
    'import "@abstrakt-webhooks/store-d1";',
    "may",
  ],
  [
    "an import of another store beside its dialect",
    "packages/store-cloudflare/src/a.ts",
    'import "@abstrakt-webhooks/store-sqlite";',
    "may import",
  ],
  [
    "SQLite's dialect in a store that speaks another",
    "packages/store-redis/src/a.ts",
    'import "@abstrakt-webhooks/store-sqlite/dialect";',
    "may import",
  ],
  [
    "an import of the stores' shared entry in core",
    `${core}/store/a.ts`,
    'import { a } from "../store.ts";',
    "entry",
  ],
  [
    "an import of the stores' shared entry in an adapter",
    "packages/hono/src/a.ts",
    'import "@abstrakt-webhooks/core/store";',
    "may import",
  ],
  [
    "an import of a framework's values in the inspector",
    "packages/inspector/src/a.tsx",
    'import { Hono } from "hono";',
    "may import",
  ],
  [
    "an import of a store in the inspector",
    "packages/inspector/src/a.ts",
    'import "@abstrakt-webhooks/core/store";',
    "may import",
  ],
  [
    "a conditional import that is not declared",
    `${core}/body.ts`,
    'import "#nothing";',
    "may import",
  ],
  [
    "a module name that is computed",
    "packages/store-redis/src/a.ts",
    "import(name);",
    "may import",
  ],
  [
    "an import of a framework in the CLI",
    "packages/cli/src/a.ts",
    'import express from "express";',
    "may import",
  ],
  [
    "an import of core's internal file in the CLI",
    "packages/cli/src/a.ts",
    `import "@abstrakt-webhooks/core/adapter";`,
    "may",
  ],
  ["a folder without a floor", `${core}/extra/a.ts`, 'import "../errors.ts";', "no floor"],
  ["a package without a floor", "packages/extra/src/a.ts", "export {};", "no floor"],
])("the check sees %s", (_, path, text, reason) => {
  expect(floorViolations([toSource(path, text)])).toEqual([expect.stringContaining(reason)]);
});

it("the check follows a conditional import to its file on each runtime", () => {
  const climbing = toSource(`${core}/body.ts`, 'import { a } from "#default-store";');
  expect(floorViolations([climbing])).toEqual([
    expect.stringContaining("(./store/default-store.workers.ts): climbs"),
    expect.stringContaining("(./store/default-store.ts): climbs"),
  ]);
});

it.each(["", "type"])("the check sees a circle of imports %s", (kind) => {
  const circle = [
    toSource(`${core}/a.ts`, `import { ${kind} b } from "./b.ts"; export const a = 1;`),
    toSource(`${core}/b.ts`, 'export * from "./c.ts";'),
    toSource(`${core}/c.ts`, `import { ${kind} a } from "./a.ts"; export const b = a;`),
  ];
  expect(importCycles(circle)).toEqual([
    `${core}/a.ts -> ${core}/b.ts -> ${core}/c.ts -> ${core}/a.ts`,
  ]);
});
