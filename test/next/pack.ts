import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** The folder of the packed packages, each unpacked in a folder of its name. */
    packed: string;
  }
}

const run = promisify(execFile);
const root = `${import.meta.dirname}/../..`;

/** Packs the packages of the apps as they are published. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "abstrakt-webhooks-packed-"));
  for (const name of ["core", "next", "store-sqlite"]) {
    const unpacked = join(folder, name);
    await mkdir(unpacked);
    await run("pnpm", ["pack", "--pack-destination", unpacked], {
      cwd: `${root}/packages/${name}`,
    });
    const [tarball = ""] = await readdir(unpacked);
    await run("tar", ["-xzf", tarball, "--strip-components=1"], { cwd: unpacked });
    await rm(join(unpacked, tarball));
  }
  project.provide("packed", folder);
  return () => rm(folder, { recursive: true, force: true });
}
