import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { migrationStatements } from "../../support/libsql-d1.ts";

/** The part of Miniflare that the tests use. */
export interface Miniflare {
  dispatchFetch(url: string, init?: RequestInit): Promise<Response>;
  getD1Database(
    binding: string,
    worker?: string,
  ): Promise<{
    prepare(sql: string): { run(): Promise<unknown>; all(): Promise<{ results: unknown[] }> };
  }>;
  getWorker(name?: string): Promise<{
    fetch(url: string, init?: RequestInit): Promise<Response>;
    scheduled(): Promise<unknown>;
  }>;
  dispose(): Promise<void>;
}

const here = fileURLToPath(new URL("./", import.meta.url));
const entry = `${here}node_modules/miniflare/dist/src/index.js`;
const installed = existsSync(entry);

/** With `CI=true` workerd may not be missing: the test runs, and fails. */
export const skipsWorkerd = !installed && process.env["CI"] !== "true";

/** The title of a test that needs workerd. */
export const inWorkerd = (title: string): string =>
  installed ? title : `${title} (workerd is missing: not installed in test/runtimes/workerd)`;

/** The conditions of wrangler's bundles. */
const CONDITIONS = ["workerd", "worker", "browser"];

/** Bundles the built packages into one module for Workers, as wrangler does. */
export async function bundle(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: CONDITIONS,
  });
  return outputFiles[0]?.text ?? "";
}

/** Starts workerd with Miniflare's options. */
export async function startWorkerd(options: object): Promise<Miniflare> {
  const { Miniflare } = (await import(entry)) as {
    Miniflare: new (options: object) => Miniflare;
  };
  return new Miniflare({ modules: true, compatibilityDate: "2026-04-01", ...options });
}

/** Applies the package's migrations, as `wrangler d1 migrations apply` does. */
export async function migrate(workerd: Miniflare): Promise<void> {
  const database = await workerd.getD1Database("DB");
  for (const statement of migrationStatements()) await database.prepare(statement).run();
}
