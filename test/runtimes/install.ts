import { spawnSync } from "node:child_process";
import { here } from "./binaries.ts";

const INSTALL = ["--ignore-workspace", "install", "--frozen-lockfile"];

/** Installs the runtimes. A runtime that cannot be downloaded or compiled stays missing. */
export function setup(): void {
  const install = (cwd: string, ...options: string[]) =>
    spawnSync("pnpm", [...INSTALL, ...options], { cwd, stdio: "inherit" });
  const folders = ["", "hosts", "workerd", "fake-timers-jest", "fake-timers-vitest"];
  for (const folder of folders) install(`${here}${folder}`, "--ignore-scripts");
  install(`${here}better-sqlite3`); // its script compiles the addon, once for each version of Node
}
