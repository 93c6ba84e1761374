import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** This folder, with a slash at its end. */
export const here = fileURLToPath(new URL("./", import.meta.url));

const modules = `${here}node_modules/`;
const { arch, platform } = process;
const bunArch = arch === "arm64" ? "aarch64" : arch;

/** The binary of each runtime, from its package for Linux, so that no install script must run. */
const BINARIES = {
  "node-20": `node-20-${platform}-${arch}/bin/node`,
  "node-22": `node-22-${platform}-${arch}/bin/node`,
  "node-24": `node-24-${platform}-${arch}/bin/node`,
  "node-26": `node-26-${platform}-${arch}/bin/node`,
  bun: `@oven/bun-${platform}-${bunArch}/bin/bun`,
  deno: `@deno/${platform}-${arch}-glibc/deno`,
};

export type RuntimeName = keyof typeof BINARIES;

/** The path of the runtime, or undefined when it is not installed. */
export function binaryOf(name: RuntimeName): string | undefined {
  const path = modules + BINARIES[name];
  return existsSync(path) ? path : undefined;
}

/** With `CI=true` no runtime may be missing: the test runs, and fails. */
export const skipsMissing = process.env["CI"] !== "true";

/** The title of a test that needs the runtime. */
export const named = (title: string, name: RuntimeName): string =>
  binaryOf(name) === undefined
    ? `${title} (${name} is missing: not installed in test/runtimes)`
    : title;
