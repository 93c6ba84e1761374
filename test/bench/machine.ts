import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";
import type { NodeBinary } from "./nodes.ts";

export const today = (): string => new Date().toISOString().slice(0, 10);

/** Such as `24.21.0`. */
export const versionOf = ({ path }: NodeBinary): string =>
  execFileSync(path, ["--version"], { encoding: "utf8" }).trim().slice(1);

/** Processor, cores, memory and system. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${model}, ${cpus().length} cores, ${gigabytes} GB, ${type()} ${release()}`;
}

/** As installed, of packages by the folder whose lockfile has them. */
export function packageVersions(
  packages: Readonly<Record<string, readonly string[]>>,
): Record<string, string> {
  const root = new URL("../../../../", import.meta.url);
  const entries = Object.entries(packages).flatMap(([folder, names]) =>
    names.map((name) => {
      const file = new URL(`${folder}node_modules/${name}/package.json`, root);
      const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: string };
      return [name, version] as const;
    }),
  );
  return Object.fromEntries(entries);
}
