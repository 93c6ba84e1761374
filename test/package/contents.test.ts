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

/** Each tarball: the paths of its files, below its root, and its manifest. */
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

/** `dist/auth/token.d.ts` is of the kind `dist/*.d.ts`. */
const toKind = (file: string): string =>
  file.replace(/^([^/]+\/).*?((\.d)?(\.\w+)(\.map)?)$/, "$1*$2");

const KINDS = ["LICENSE", "README.md", "package.json", "dist/*.js", "dist/*.js.map", "src/*.ts"];
const DECLARATIONS = ["dist/*.d.ts", "dist/*.d.ts.map"];
const OWN_KINDS: Record<string, string[]> = {
  "@abstrakt-webhooks/cli": KINDS, // nobody imports it
  "@abstrakt-webhooks/inspector": [...KINDS, ...DECLARATIONS, "src/*.tsx"],
  "@abstrakt-webhooks/store-cloudflare": [...KINDS, ...DECLARATIONS, "migrations/*.sql"],
  // Written by hand: the compiler would rewrite its import.
  "@abstrakt-webhooks/store-sqlite": [...KINDS, ...DECLARATIONS, "import-driver.js"],
};

it.each(tarballs)("$manifest.name holds these kinds of files", ({ manifest, files }) => {
  const wanted = OWN_KINDS[manifest.name] ?? [...KINDS, ...DECLARATIONS];
  expect([...new Set(files.map(toKind))].sort()).toEqual([...wanted].sort());
});

it.each(tarballs)("$manifest.name holds no tests and no files of the compiler", ({ files }) => {
  expect(files.filter((file) => /\.test\.|(^|\/)tests?\/|tsbuildinfo|tsconfig/.test(file))).toEqual(
    [],
  );
});

it.each(tarballs)("$manifest.name: code, map and source of each file", ({ files, text }) => {
  const maps = files.filter((file) => file.endsWith(".map"));
  const compiled = files.filter((file) => /^dist\/.*(\.js|\.d\.ts)$/.test(file));
  expect(maps.length).toBeGreaterThan(0);
  expect(maps.sort()).toEqual(compiled.map((file) => `${file}.map`).sort());
  // What a deleted source has left in `dist` is lost too: delete `dist` and `*.tsbuildinfo`.
  const lost = maps.filter((file) => {
    const { sources } = JSON.parse(text(file)) as { sources: string[] };
    return !sources.every((source) => files.includes(join(file, "..", source)));
  });
  expect(lost).toEqual([]);
});

it("a manifest asks the registry for its sisters, in one version", () => {
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

// Changesets raises a package to the next major when a peer leaves its range: 1.0.0 out of 0.1.0.
it("no package has a sister as its peer", () => {
  const peers = packages.flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {}));
  expect(peers).toContain("express");
  expect(peers.filter((name) => name.startsWith("@abstrakt-webhooks/"))).toEqual([]);
});

it("what npm installs along has a permissive licence", () => {
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

/** What stands in a `node_modules` because our packages depend on it: the app has only Node's types. */
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
