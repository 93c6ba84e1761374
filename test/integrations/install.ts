import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";

const INSTALL = ["--ignore-workspace", "install", "--frozen-lockfile", "--ignore-scripts"];

/** Installs what each folder needs, from its own lockfile. */
export function setup(): void {
  for (const entry of readdirSync(import.meta.dirname, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const cwd = `${import.meta.dirname}/${entry.name}`;
    const { status } = spawnSync("pnpm", INSTALL, { cwd, stdio: "inherit" });
    if (status !== 0) throw new Error(`Installing ${entry.name} failed.`);
  }
}
