import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";
import { packages, root } from "./packages.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Folder of each user's app, by its name. */
    apps: Record<AppName, string>;
    /** Folder of the tarballs. */
    tarballs: string;
    /** Folder of the unpacked tarballs, one folder per package, named as its tarball. */
    unpacked: string;
  }
}

type AppName = keyof typeof apps;

/**
 * The apps of users, at both ends of each range. None has packages of another, so that nothing is
 * resolved from a neighbour.
 */
const apps = {
  commonjs: ["express@5", "@types/express@5", "hono@4"],
  "express-5-zod-4": ["express@5", "@types/express@5", "zod@4", "hono@4", "@opentelemetry/api@1"],
  "express-4-zod-3": ["express@4.17.0", "@types/express@4.17.0", "zod@3"],
  "node-http-no-zod": [],
  "hono-4.0.0": ["hono@4.0.0"],
  nest: ["@nestjs/core@11", "@nestjs/common@11", "@nestjs/platform-express@11"].concat([
    "reflect-metadata@0.2",
    "rxjs@7",
    "express@5",
    "@types/express@5",
  ]),
  workers: ["hono@4", "@cloudflare/workers-types@4"],
  "express-5-cli": ["express@5"],
  "next-14.0.0": ["next@14.0.0", "react@18", "react-dom@18", "@types/react@18"],
  "next-15": ["next@15", "react@19", "react-dom@19", "@types/react@19"],
};

const run = promisify(execFile);

/** Apps whose files are CommonJS by default. */
const commonjs = ["commonjs", "nest"];

/** Packs every package and installs the tarballs with npm into empty folders. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "abstrakt-webhooks-"));
  const frozen = ["--ignore-workspace", "install", "--frozen-lockfile", "--ignore-scripts"];
  await run("pnpm", frozen, { cwd: join(root, "test/package/toolchains") });
  await run("pnpm", frozen, { cwd: join(root, "test/runtimes/workerd") });
  const tarballs = await pack(join(folder, "tarballs"));
  const folders = {} as Record<AppName, string>;
  const names = Object.keys(apps) as AppName[];
  await Promise.all(
    names.map(async (name) => {
      folders[name] = await install(join(folder, name), [...tarballs, ...apps[name]]);
    }),
  );
  // Next has a hundred megabytes and is not tested here, so it comes from the workspace.
  const next = join(root, "packages/next/node_modules/next");
  await symlink(next, join(folders["express-5-zod-4"], "node_modules/next"), "dir");
  project.provide("apps", folders);
  project.provide("tarballs", join(folder, "tarballs"));
  project.provide("unpacked", await unpack(tarballs, join(folder, "unpacked")));
  return () => rm(folder, { recursive: true, force: true });
}

async function pack(into: string): Promise<string[]> {
  await mkdir(into);
  const options = ["pack", "--pack-destination", into];
  await Promise.all(packages.map(({ path }) => run("pnpm", options, { cwd: path })));
  return (await readdir(into)).map((file) => join(into, file));
}

async function install(app: string, wanted: string[]): Promise<string> {
  await cp(join(root, "test/package/consumers"), app, { recursive: true });
  const type = commonjs.includes(basename(app)) ? "commonjs" : "module";
  await writeFile(join(app, "package.json"), JSON.stringify({ private: true, type }));
  const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--legacy-peer-deps"];
  // The binaries of Next's compiler are not tested here.
  const lean = ["--omit=optional", "--ignore-scripts"];
  await run("npm", ["install", ...quiet, ...lean, "@types/node@20", ...wanted], { cwd: app });
  return app;
}

async function unpack(tarballs: string[], into: string): Promise<string> {
  for (const tarball of tarballs) {
    const folder = join(into, basename(tarball));
    await mkdir(folder, { recursive: true });
    await run("tar", ["-xzf", tarball, "-C", folder]);
  }
  return into;
}
