import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { toSource } from "../architecture/read-sources.ts";
import { packages } from "./packages.ts";

const unpacked = inject("unpacked");
const shipped = readdirSync(unpacked, { recursive: true, encoding: "utf8" });
const read = (file: string): string => readFileSync(join(unpacked, file), "utf8");

it("declarations import only our own packages and the mounted framework", () => {
  const declarations = shipped.filter((file) => file.endsWith(".d.ts"));
  expect(declarations.length).toBeGreaterThan(50);
  const named = declarations
    .flatMap((file) => toSource(file, read(file)).imports.map(({ specifier }) => specifier))
    .filter((specifier) => !specifier.startsWith("."));
  const allowed = [
    "@abstrakt-webhooks/core",
    "@abstrakt-webhooks/core/adapter",
    "@abstrakt-webhooks/core/store",
    "@abstrakt-webhooks/store-sqlite/dialect",
    "@opentelemetry/api",
    "hono",
    // These are the views of the inspector.
    "hono/jsx",
    "hono/jsx/jsx-runtime",
    "hono/jsx/jsx-dev-runtime",
  ];
  expect([...new Set(named)].filter((specifier) => !allowed.includes(specifier))).toEqual([]);
});

it("declarations need no ambient types of Node or a framework", () => {
  const ambient = /\/\/\/ *<reference|\bNodeJS\.|\bBuffer\b(?!Source)|\bExpress\./;
  const asking = shipped
    .filter((file) => file.endsWith(".d.ts"))
    .filter((file) => ambient.test(read(file).replace(/\/\*[^]*?\*\//g, "")));
  expect(asking).toEqual([]);
});

it("peer ranges have no upper limit", () => {
  const peers = packages.flatMap(({ manifest }) => Object.entries(manifest.peerDependencies ?? {}));
  const named = new Set(peers.map(([name, range]) => `${name} ${range}`));
  for (const range of ["express ^4.17.0 || ^5.0.0", "hono >=4.0.0", "next >=14.0.0"]) {
    expect([...named]).toContain(range);
  }
});

/** The command line is a binary, so it is not imported. */
const imported = packages.filter(({ manifest }) => manifest.exports["."] !== undefined);

it.each(imported)("$manifest.name has each entry for the resolution node10", ({ manifest }) => {
  const { main, types, typesVersions, exports } = manifest;
  expect(exports["."]).toMatchObject({ default: main, types });
  const found = Object.entries(typesVersions?.["*"] ?? {}).map(([name, [file]]) => [
    `./${name}`,
    file,
  ]);
  const wanted = Object.entries(exports).flatMap(([name, target]) =>
    name === "." || typeof target === "string" ? [] : [[name, target.types]],
  );
  expect(found).toEqual(wanted);
});
