import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "./packages.ts";

const run = promisify(execFile);

const compilers = {
  "5.4": "test/package/toolchains/node_modules/typescript-5.4",
  "5.8": "test/package/toolchains/node_modules/typescript-5.8",
  "5.9": "node_modules/typescript-5",
  "6": "test/package/toolchains/node_modules/typescript-6",
  "7": "node_modules/typescript",
};

export type Version = keyof typeof compilers;

/** Compiles one file of an app into a new folder, and returns the compiler's output. */
export async function compile(app: string, version: Version, file: string, settings: object) {
  const outDir = `out-${crypto.randomUUID()}`;
  const strict = { strict: true, skipLibCheck: false, target: "ES2022", types: ["node"] };
  const compilerOptions = { ...strict, ...settings, rootDir: ".", outDir };
  const tsconfig = join(app, `${outDir}.json`);
  await writeFile(tsconfig, JSON.stringify({ compilerOptions, files: [file] }));
  const tsc = join(root, compilers[version], "bin/tsc");
  const printed = await run(process.execPath, [tsc, "-p", tsconfig], { cwd: app }).then(
    ({ stdout }) => stdout,
    (failed: { stdout: string }) => failed.stdout,
  );
  return { printed, script: join(outDir, file.replace(/ts$/, "js")) };
}
