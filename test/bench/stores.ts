import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JobStore } from "@abstrakt-webhooks/core";
import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import { redisStore } from "@abstrakt-webhooks/store-redis";
import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";
import { Redis } from "ioredis";
import Database from "libsql";
import { Pool } from "pg";

export type StoreName = "sqlite" | "redis" | "postgres";

/** A store with nothing in it. */
export interface Opened {
  readonly store: JobStore;
  /** Has the database look at what it holds, as it does by itself a minute after many writes. */
  settled?(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a store as its README does, in a file or a namespace of its own. */
export const openStore: Record<StoreName, () => Promise<Opened>> = {
  async sqlite() {
    // The driver of the handler by hand: Node 24 would open a path by its own.
    const store = sqliteStore(new Database(join(newFolder(), "jobs.db")));
    return { store, close: async () => store.close() };
  },
  async redis() {
    const client = new Redis(process.env["REDIS_URL"] ?? "", { maxRetriesPerRequest: 0 });
    const store = redisStore({ client, namespace: newName() });
    return { store, close: async () => client.disconnect() };
  },
  async postgres() {
    const client = new Pool({ connectionString: process.env["DATABASE_URL"] });
    const store = postgresStore({ client, namespace: newName() });
    await store.migrate();
    const settled = async () => void (await client.query("ANALYZE"));
    return { store, settled, close: () => client.end() };
  },
};

/** A folder that goes with the process. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "abstrakt-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** For a namespace, a table or a queue. */
export const newName = (): string => `bench_${randomBytes(6).toString("hex")}`;
