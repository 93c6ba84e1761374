import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { packages } from "./packages.ts";

const unpacked = inject("unpacked");

interface PackedManifest {
  name: string;
  version: string;
  license?: string;
  dependencies?: Record<string, string>;
}

/** Each tarball: the paths of its files and its manifest. */
const tarballs = readdirSync(unpacked).map((name) => {
  const folder = join(unpacked, name, "package");
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const files = paths.filter((path) => statSync(join(folder, path)).isFile());
  const text = (file: string): string => readFileSync(join(folder, file), "utf8");
  const manifest = JSON.parse(text("package.json")) as PackedManifest;
  const packedBytes = statSync(join(inject("tarballs"), name)).size;
  const bytes = files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  return { manifest, files, text, packedBytes, bytes };
});

/** Maps a path to its kind: `dist/auth/token.d.ts` is of the kind `dist/*.d.ts`. */
const toKind = (file: string): string =>
  file.replace(/^([^/]+\/).*?((\.d)?(\.\w+)(\.map)?)$/, "$1*$2");

const KINDS = ["LICENSE", "README.md", "package.json", "dist/*.js", "dist/*.js.map", "src/*.ts"];
const DECLARATIONS = ["dist/*.d.ts", "dist/*.d.ts.map"];
const OWN_KINDS: Record<string, string[]> = {
  "@abstrakt-webhooks/cli": KINDS, // it is not imported
  "@abstrakt-webhooks/inspector": [...KINDS, ...DECLARATIONS, "src/*.tsx"],
  "@abstrakt-webhooks/store-cloudflare": [...KINDS, ...DECLARATIONS, "migrations/*.sql"],
  // This file is written by hand, because the compiler would rewrite its import.
  "@abstrakt-webhooks/store-sqlite": [...KINDS, ...DECLARATIONS, "import-driver.js"],
};

it.each(tarballs)("$manifest.name contains only these kinds of files", ({ manifest, files }) => {
  const wanted = OWN_KINDS[manifest.name] ?? [...KINDS, ...DECLARATIONS];
  expect([...new Set(files.map(toKind))].sort()).toEqual([...wanted].sort());
});

it.each(tarballs)("$manifest.name contains no tests and no files of the compiler", ({ files }) => {
  expect(files.filter((file) => /\.test\.|(^|\/)tests?\/|tsbuildinfo|tsconfig/.test(file))).toEqual(
    [],
  );
});

it.each(tarballs)("$manifest.name has code, map and source of each file", ({ files, text }) => {
  const maps = files.filter((file) => file.endsWith(".map"));
  const compiled = files.filter((file) => /^dist\/.*(\.js|\.d\.ts)$/.test(file));
  expect(maps.length).toBeGreaterThan(0);
  expect(maps.sort()).toEqual(compiled.map((file) => `${file}.map`).sort());
  // The output of a deleted source is found too: delete `dist` and `*.tsbuildinfo`.
  const lost = maps.filter((file) => {
    const { sources } = JSON.parse(text(file)) as { sources: string[] };
    return !sources.every((source) => files.includes(join(file, "..", source)));
  });
  expect(lost).toEqual([]);
});

it("a manifest depends on the other packages of this repository in one version", () => {
  expect(tarballs).toHaveLength(packages.length);
  const versions = new Set(tarballs.map(({ manifest }) => manifest.version));
  expect(versions.size).toBe(1);
  const [version = ""] = versions;
  const sisters = tarballs
    .flatMap(({ manifest }) => Object.entries(manifest.dependencies ?? {}))
    .filter(([name]) => name.startsWith("@abstrakt-webhooks/"));
  expect(sisters.length).toBeGreaterThan(10);
  expect(sisters.filter(([, range]) => range !== `^${version}`)).toEqual([]);
});

// Changesets raises a package to the next major when a peer leaves its range: 0.1.0 becomes 1.0.0.
it("no package has another package of this repository as its peer", () => {
  const peers = packages.flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {}));
  expect(peers).toContain("express");
  expect(peers.filter((name) => name.startsWith("@abstrakt-webhooks/"))).toEqual([]);
});

it("every package that npm installs as a dependency has a permissive licence", () => {
  const permissive = [
    "0BSD",
    "Apache-2.0",
    "BlueOak-1.0.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MIT",
  ];
  const along = installedAlong(join(inject("apps")["node-http-no-zod"], "node_modules"));
  const names = along.map(({ name }) => name);
  for (const name of ["hono", "lru-cache", "zod"]) expect(names).toContain(name);
  const others = along.filter(({ license = "none" }) => !permissive.includes(license));
  expect(others.map(({ name, license }) => `${name}: ${license}`)).toEqual([]);
});

/**
 * The packages in `node_modules` because of our dependencies: the app itself has only Node's types.
 */
function installedAlong(folder: string): PackedManifest[] {
  const paths = readdirSync(folder).flatMap((name) =>
    name.startsWith("@") ? readdirSync(join(folder, name)).map((own) => join(name, own)) : name,
  );
  return paths
    .filter((path) => !path.startsWith(".") && !/^(@types\/node|undici-types)$/.test(path))
    .flatMap((path) => {
      const file = readFileSync(join(folder, path, "package.json"), "utf8");
      const below = join(folder, path, "node_modules");
      const nested = existsSync(below) ? installedAlong(below) : [];
      return [JSON.parse(file) as PackedManifest, ...nested];
    });
}

it("prints the size of each package", () => {
  const kB = (bytes: number): string => (bytes / 1_000).toFixed(1).padStart(8);
  const lines = tarballs.map(({ manifest, packedBytes, bytes }) => {
    const needs = Object.keys(manifest.dependencies ?? {});
    const list = needs.map((name) => name.replace("@abstrakt-webhooks/", "")).join(", ");
    return `${manifest.name.padEnd(36)}${kB(packedBytes)}${kB(bytes)}  ${list}`;
  });
  const head = `${"package".padEnd(36)}${"packed".padStart(8)}${"kB".padStart(8)}  dependencies`;
  console.log([head, ...lines].join("\n"));
  expect(lines).toHaveLength(packages.length);
});
