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

/** A store with nothing in it, or with what others keep in the same namespace. */
export interface Opened {
  readonly store: JobStore;
  /** Has the database look at what it holds, as it does by itself a minute after many writes. */
  settled?(): Promise<void>;
  close(): Promise<void>;
}

/** A store in a database. */
export interface OpenedDatabase extends Opened {
  /** What the store takes on the disk, or in the memory of Redis with all else that is there. */
  bytes(): Promise<number>;
  /** How many statements the database was sent. Absent where the database itself counts them. */
  statements?(): number;
}

/** Opens a store as its README does, in a file or a namespace of its own, or in the given one. */
export const openStore: Record<StoreName, (namespace?: string) => Promise<OpenedDatabase>> = {
  async sqlite() {
    // The driver of the handler by hand: Node 24 would open a path by its own.
    const database = new Database(join(newFolder(), "jobs.db"));
    const store = sqliteStore(database);
    // Also what is in the log only.
    const size = database.prepare(
      "SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size",
    );
    return {
      store,
      bytes: async () => (size.get() as { bytes: number }).bytes,
      close: async () => store.close(),
    };
  },
  async redis(namespace = newName()) {
    const client = new Redis(process.env["REDIS_URL"] ?? "", { maxRetriesPerRequest: 0 });
    const store = redisStore({ client, namespace });
    return {
      store,
      bytes: async () => Number(/used_memory:(\d+)/.exec(await client.info("memory"))?.[1]),
      close: async () => client.disconnect(),
    };
  },
  async postgres(namespace = newName()) {
    const client = new Pool({ connectionString: process.env["DATABASE_URL"] });
    let statements = 0;
    client.on("acquire", () => (statements += 1));
    const store = postgresStore({ client, namespace });
    await store.migrate();
    const size = `SELECT pg_total_relation_size('${namespace}_jobs') AS bytes`;
    return {
      store,
      settled: async () => void (await client.query(`VACUUM (ANALYZE) ${namespace}_jobs`)),
      bytes: async () => Number((await client.query<{ bytes: string }>(size)).rows[0]?.bytes),
      statements: () => statements,
      close: () => client.end(),
    };
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
