import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Backend } from "./backends/backend.ts";
import { memoryBackend, sqliteBackend } from "./backends/local.ts";
import { startPostgres, startRedis, startUpstash } from "./backends/servers.ts";
import { bundleServer } from "./server/bundle.ts";

/** Values that all parts of a campaign share. */
export interface Campaign {
  /** The same seed makes the same choices. Their timing still depends on the machine. */
  readonly seed: number;
  readonly bundle: string;
  readonly folder: string;
  /** The backends that are installed here. */
  readonly backends: readonly Backend[];
  close(): Promise<void>;
}

/** Bundles the server and starts the databases of these kinds. */
export async function startCampaign(
  seed: number,
  kinds: readonly Backend["kind"][],
): Promise<Campaign> {
  const folder = mkdtempSync(join(tmpdir(), "faults-"));
  const started = await Promise.all(kinds.map((kind) => starters[kind](folder)));
  const missing = kinds.filter((_, index) => started[index] === undefined);
  if (missing.length > 0 && process.env["CI"] === "true") {
    throw new Error(`Expected a server for ${missing.join(" and ")}, found none on this machine.`);
  }
  const backends = started.filter((backend) => backend !== undefined);
  return {
    seed,
    bundle: await bundleServer(),
    folder,
    backends,
    async close() {
      await Promise.all(backends.map((backend) => backend.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const starters: Record<Backend["kind"], (folder: string) => Promise<Backend | undefined>> = {
  memory: async () => memoryBackend,
  sqlite: async (folder) => sqliteBackend(folder),
  postgres: startPostgres,
  redis: () => startRedis(),
  "node-redis": () => startRedis("node-redis"),
  upstash: startUpstash,
};
