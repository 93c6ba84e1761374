// Changes core's sources in small ways and counts how many changes core's own tests notice:
//   npx -y pnpm@10 test:mutants [folder or file below packages/core/src ...]
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("./", import.meta.url));
const root = fileURLToPath(new URL("../../", import.meta.url));
const stage = `${here}stage/`;
const node = `${here}node_modules/node-24-${process.platform}-${process.arch}/bin/node`;
const stryker = `${here}node_modules/@stryker-mutator/core/bin/stryker.js`;

if (!existsSync(node)) {
  throw new Error(
    `Expected Node 24 for ${process.platform} ${process.arch} in test/mutants/node_modules, got none.`,
  );
}

// Stryker copies what it mutates. It gets core's own tests, the suite of the stores on the memory
// store, and what these import.
const copied = [
  "packages/core/src",
  "packages/core/test",
  "packages/core/package.json",
  "packages/testing/src",
  "test/stores/memory.test.ts",
  "test/stores/boot-memory.ts",
];
for (const folder of ["packages", "test"]) rmSync(stage + folder, { recursive: true, force: true });
for (const path of copied) cpSync(root + path, stage + path, { recursive: true });
cpSync(`${here}vitest.config.ts`, `${stage}vitest.config.ts`);
writeFileSync(`${stage}package.json`, JSON.stringify({ private: true, type: "module" }));

const asked = process.argv.slice(2);
const mutated = asked.length > 0 ? asked : ["payload", "auth", "store/memory", "receiver"];
const config = {
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  coverageAnalysis: "perTest",
  ignoreStatic: true,
  mutate: mutated.map(
    (path) => `packages/core/src/${path}${path.endsWith(".ts") ? "" : "/**/*.ts"}`,
  ),
  tsconfigFile: "none.json", // Stryker would read it by an API that TypeScript 7 does not have
  concurrency: 2,
  timeoutMS: 20_000,
  incremental: true,
  incrementalFile: "../incremental.json",
  reporters: ["clear-text", "json", "progress-append-only"],
  clearTextReporter: { allowColor: false, reportTests: false },
  jsonReporter: { fileName: "../mutants.json" },
};
writeFileSync(`${stage}stryker.config.json`, JSON.stringify(config));

const { status } = spawnSync(node, [stryker, "run", "stryker.config.json"], {
  cwd: stage,
  stdio: "inherit",
});
process.exitCode = status ?? 1;
