import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A version of Node that runs the servers. */
export interface NodeBinary {
  readonly major: string;
  readonly path: string;
}

/** The Nodes of this folder's lockfile; where they cannot be installed, the one that runs this. */
export const nodes: readonly NodeBinary[] = installed();

export const newestNode: NodeBinary = nodes.at(-1) ?? ownNode();

/** The load runs on the newest, whatever the server runs on. */
export const loadNode: string = newestNode.path;

function installed(): NodeBinary[] {
  const found = ["20", "24"].map((major) => {
    const name = `node-${major}-${process.platform}-${process.arch}`;
    const url = new URL(`../../node_modules/${name}/bin/node`, import.meta.url);
    return { major, path: fileURLToPath(url) };
  });
  const present = found.filter(({ path }) => existsSync(path));
  return present.length > 0 ? present : [ownNode()];
}

function ownNode(): NodeBinary {
  const [major = ""] = process.versions.node.split(".");
  return { major, path: process.execPath };
}
