import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The repository's root, with a slash at its end. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

interface Manifest {
  name: string;
  version: string;
  main?: string;
  types?: string;
  typesVersions?: { "*": Record<string, string[]> };
  exports: Record<string, string | { types: string; default: string }>;
  peerDependencies?: Record<string, string>;
}

/** One importable entry of a package. */
export interface Entry {
  /** As a user imports it: `@abstrakt-webhooks/core/adapter`. */
  specifier: string;
  declarations: string;
  module: string;
}

/** Every package that is published. */
export const packages = readdirSync(`${root}packages`).map((folder) => {
  const path = `${root}packages/${folder}`;
  const manifest = JSON.parse(readFileSync(`${path}/package.json`, "utf8")) as Manifest;
  return { path, manifest };
});

/** Every entry of every package. */
export const entries: Entry[] = packages.flatMap(({ path, manifest }) =>
  Object.entries(manifest.exports).flatMap(([key, target]) => {
    if (typeof target === "string") return [];
    return {
      specifier: manifest.name + key.slice(1),
      declarations: `${path}/${target.types}`,
      module: `${path}/${target.default}`,
    };
  }),
);
