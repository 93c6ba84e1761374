import { mkdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * Bundles the server from the sources, because a process that is killed a thousand times must start
 * quickly. The file is placed where its native dependencies can be found, and is removed when this
 * process ends.
 */
export async function bundleServer(): Promise<string> {
  const folder = `${root}node_modules/.cache/faults`;
  const outfile = `${folder}/serve-${process.pid}.mjs`;
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: [`${root}test/faults/server/serve.ts`],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    conditions: ["@abstrakt-webhooks/source"],
    external: ["libsql", "better-sqlite3", "pg-native"],
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
  process.once("exit", () => rmSync(outfile, { force: true }));
  return outfile;
}
