import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";

const INSTALL = ["install", "--frozen-lockfile", "--ignore-scripts"];
const GENERATE = ["run", "--if-present", "generate"];

/** Installs the packages of each folder from its own lockfile, and runs its script `generate`. */
export function setup(): void {
  for (const entry of readdirSync(import.meta.dirname, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const cwd = `${import.meta.dirname}/${entry.name}`;
    for (const words of [INSTALL, GENERATE]) {
      const { status } = spawnSync("pnpm", ["--ignore-workspace", ...words], {
        cwd,
        stdio: "inherit",
      });
      if (status !== 0) throw new Error(`\`pnpm ${words[0]}\` failed in ${entry.name}.`);
    }
  }
}
