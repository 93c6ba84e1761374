import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { toSource } from "../architecture/read-sources.ts";
import { packages } from "./packages.ts";

const unpacked = inject("unpacked");
const shipped = readdirSync(unpacked, { recursive: true, encoding: "utf8" });
const read = (file: string): string => readFileSync(join(unpacked, file), "utf8");

it("declarations name our own packages and the mounted framework, nothing else", () => {
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
    // The inspector's views.
    "hono/jsx",
    "hono/jsx/jsx-runtime",
    "hono/jsx/jsx-dev-runtime",
  ];
  expect([...new Set(named)].filter((specifier) => !allowed.includes(specifier))).toEqual([]);
});

it("declarations ask for no ambient types of Node or a framework", () => {
  const ambient = /\/\/\/ *<reference|\bNodeJS\.|\bBuffer\b(?!Source)|\bExpress\./;
  const asking = shipped
    .filter((file) => file.endsWith(".d.ts"))
    .filter((file) => ambient.test(read(file).replace(/\/\*[^]*?\*\//g, "")));
  expect(asking).toEqual([]);
});

it("a tarball has the files that it needs and no others", () => {
  const tops = new Set(shipped.map((file) => file.split("/").slice(1, 3).join("/")));
  const wanted = [
    "LICENSE",
    "README.md",
    "dist",
    // Of store-sqlite, written by hand: the compiler would rewrite its import.
    "import-driver.js",
    "migrations",
    "package.json",
    "src",
  ];
  expect([...tops].filter((top) => top.includes("/")).sort()).toEqual(
    wanted.map((name) => `package/${name}`),
  );
  expect(shipped.filter((file) => /\.test\.|tsbuildinfo|tsconfig/.test(file))).toEqual([]);
});

it("every source map finds the source that is shipped with it", () => {
  const maps = shipped.filter((file) => file.endsWith(".map"));
  expect(maps.length).toBeGreaterThan(50);
  // What a deleted source has left in `dist` is lost too: delete `dist` and `*.tsbuildinfo`.
  const lost = maps.filter((file) => {
    const { sources } = JSON.parse(read(file)) as { sources: string[] };
    return !sources.every((source) => shipped.includes(join(file, "..", source)));
  });
  expect(lost).toEqual([]);
});

it("a manifest asks the registry for its sisters, not the workspace", () => {
  const manifests = shipped.filter((file) => /^\d+\/package\/package\.json$/.test(file));
  expect(manifests).toHaveLength(packages.length);
  expect(manifests.filter((file) => read(file).includes("workspace:"))).toEqual([]);
});

it("peer ranges are open", () => {
  const peers = packages.flatMap(({ manifest }) => Object.entries(manifest.peerDependencies ?? {}));
  const named = new Set(peers.map(([name, range]) => `${name} ${range}`));
  for (const range of ["express ^4.17.0 || ^5.0.0", "hono >=4.0.0", "next >=14.0.0"]) {
    expect([...named]).toContain(range);
  }
});

/** The command line is a binary: nobody imports it. */
const imported = packages.filter(({ manifest }) => manifest.exports["."] !== undefined);

it.each(imported)("$manifest.name names each entry for the resolution node10", ({ manifest }) => {
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
