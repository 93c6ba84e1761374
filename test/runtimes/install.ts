import { spawnSync } from "node:child_process";
import { here } from "./binaries.ts";

const INSTALL = ["--ignore-workspace", "install", "--frozen-lockfile", "--ignore-scripts"];

/** Installs the runtimes. A registry that cannot be reached leaves them missing. */
export function setup(): void {
  for (const cwd of [here, `${here}workerd`]) spawnSync("pnpm", INSTALL, { cwd, stdio: "inherit" });
}
