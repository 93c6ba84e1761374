import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import type { SourceFile } from "./read-sources.ts";

/** The floor of each file: imports go down or sideways. The first pattern that matches decides. */
const floors: [pattern: RegExp, floor: number][] = [
  [/^packages\/(cli|inspector|otel)\//, 6],
  [/^packages\/(express|hono|next)\//, 5],
  [/^packages\/core\/src\/(index|adapter|store)\.ts$/, 4.9],
  [/^packages\/core\/src\/receiver\/(create|shared)-receiver\.ts$/, 4.8],
  [/^packages\/core\/src\/receiver\/(http|provider)\//, 4.7],
  [
    /^packages\/core\/src\/receiver\/(lifecycle\/|store-delivery\.ts$|await-result\.ts$|list-jobs\.ts$|method-options\.ts$)/,
    4.6,
  ],
  [/^packages\/core\/src\/receiver\/parts\.ts$/, 4.5],
  [/^packages\/core\/src\/receiver\/worker\//, 4.4],
  [/^packages\/core\/src\/receiver\/run\//, 4.3],
  [/^packages\/core\/src\/receiver\/settings\.ts$/, 4.2],
  [/^packages\/core\/src\/receiver\/receiver-options\.ts$/, 4.1],
  [/^packages\/core\/src\/receiver\/(events\/|(receiver|reports)\.ts$)/, 4],
  [/^packages\/(store-[a-z0-9]+|client)\//, 3],
  [/^packages\/core\/src\/(auth|store)\//, 3],
  [/^packages\/core\/src\/payload\//, 2],
  [/^packages\/core\/src\/[a-z0-9-]+\.ts$/, 1],
];

const scope = "@abstrakt-webhooks";
const core = `${scope}/core`;

/** The folders that the command line may import. */
const tools = [
  core,
  ...["store-postgres", "store-redis", "store-sqlite"].map((name) => `${scope}/${name}`),
  // The name of SQLite's table, which the store would create in any file.
  `${scope}/store-sqlite/dialect`,
  ...["inspector", "testing", "testing/simulator"].map((name) => `${scope}/${name}`),
  "cac",
  "cli-table3",
  "picocolors",
  "zod",
  ...["fs", "fs/promises", "http", "https", "module", "net", "path"].map((name) => `node:${name}`),
  ...["process", "timers/promises", "url"].map((name) => `node:${name}`),
];

/** The packages that a file may import, and whether for types only. */
const outside: [pattern: RegExp, specifiers: string[], typesOnly?: string[]][] = [
  [/^packages\/core\/src\/payload\//, ["zod/v4/core"]],
  [/^packages\/core\/src\/store\/memory\//, ["lru-cache"]],
  [/^packages\/core\//, []],
  [/^packages\/express\//, [core, `${core}/adapter`], ["express"]],
  [/^packages\/hono\//, [core, `${core}/adapter`], ["hono"]],
  [/^packages\/next\//, [core, `${core}/adapter`, "next/server.js"]],
  [/^packages\/otel\//, [core, `${core}/adapter`, "@opentelemetry/api"]],
  [/^packages\/testing\/src\/simulator\//, [core, `${core}/adapter`, "hono", "@hono/node-server"]],
  [/^packages\/testing\//, [core, `${core}/adapter`]],
  [/^packages\/client\//, [core, `${core}/store`]],
  // A driver in the user's project, which is looked for when a store is opened.
  [/^packages\/cli\/src\/stores\/load-driver\.ts$/, [...tools, "a computed name"]],
  [/^packages\/cli\//, tools],
  [
    /^packages\/inspector\//,
    [core, `${core}/adapter`, "hono/html"],
    ["hono/jsx", "hono/jsx/jsx-runtime"],
  ],
  // A driver that the user has installed, which is looked for when a file is opened.
  [/^packages\/store-sqlite\/src\/open-file\.ts$/, [core, "a computed name"]],
  // D1 uses SQLite's dialect.
  [/^packages\/store-cloudflare\//, [core, `${core}/store`, `${scope}/store-sqlite/dialect`]],
  [/^packages\/store-[a-z0-9]+\//, [core, `${core}/store`]],
];

/** One line for each import that breaks the table: the import and the reason. */
export function floorViolations(sources: readonly SourceFile[]): string[] {
  return sources.flatMap(({ path, imports }) => {
    const allowed = outside.find(([pattern]) => pattern.test(path));
    if (allowed === undefined) return [`${path} stands on no floor; give it one`];
    const [, values, types = []] = allowed;
    return imports.flatMap(({ specifier, typeOnly }) => {
      const edge = `${path} -> ${specifier}`;
      const conditional = conditionalTargets(path, specifier);
      if (conditional.length > 0) {
        return conditional.flatMap((target) =>
          relativeViolation(path, target, `${edge} (${target})`),
        );
      }
      if (specifier.startsWith(".")) return relativeViolation(path, specifier, edge);
      if (values.includes(specifier) || (typeOnly && types.includes(specifier))) return [];
      return [`${edge}: not among what it may import`];
    });
  });
}

/**
 * Each source of a specifier such as `#default-store`, one for each runtime; relative to `path`.
 */
function conditionalTargets(path: string, specifier: string): string[] {
  const folder = `packages/${packageOf(path)}`;
  if (!specifier.startsWith("#") || !existsSync(`${folder}/package.json`)) return [];
  const { imports = {} } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8")) as {
    imports?: Record<string, { "@abstrakt-webhooks/source": Record<string, string> }>;
  };
  const targets = Object.values(imports[specifier]?.["@abstrakt-webhooks/source"] ?? {});
  const from = posix.dirname(path);
  return [...new Set(targets)].map(
    (target) => `./${posix.relative(from, posix.join(folder, target))}`,
  );
}

function relativeViolation(path: string, specifier: string, edge: string): string[] {
  const target = posix.join(posix.dirname(path), specifier);
  if (packageOf(target) !== packageOf(path)) return [`${edge}: leaves its package`];
  if (entries.test(target)) return [`${edge}: an entry is for users`];
  // The testing package stands beside the floors, and has none inside.
  if (packageOf(path) === "testing") return [];
  const [from, to] = [floorOf(path), floorOf(target)];
  if (from === undefined || to === undefined) return [`${edge}: stands on no floor; give it one`];
  return to > from ? [`${edge}: climbs from floor ${from} to ${to}`] : [];
}

const entries = /\/index\.ts$|\/src\/(adapter|store|dialect)\.ts$/;
const packageOf = (path: string): string | undefined => path.split("/")[1];
const floorOf = (path: string): number | undefined =>
  floors.find(([pattern]) => pattern.test(path))?.[1];

/** Circles of imports, of types as well, each as `a -> b -> a`. */
export function importCycles(sources: readonly SourceFile[]): string[] {
  const graph = new Map(sources.map((source) => [source.path, relativeTargets(source)]));
  const cycles: string[] = [];
  const finished = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) cycles.push([...trail.slice(start), path].join(" -> "));
    if (start >= 0 || finished.has(path)) return;
    for (const target of graph.get(path) ?? []) visit(target, [...trail, path]);
    finished.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return cycles;
}

const relativeTargets = ({ path, imports }: SourceFile): string[] =>
  imports
    .flatMap(({ specifier }) => [specifier, ...conditionalTargets(path, specifier)])
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => posix.join(posix.dirname(path), specifier));
