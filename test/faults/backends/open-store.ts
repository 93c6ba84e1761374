import { memoryStore, type DeadLetters, type JobStore } from "@abstrakt-webhooks/core";
import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import { redisStore } from "@abstrakt-webhooks/store-redis";
import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";
import { Redis as Upstash } from "@upstash/redis";
import { Redis } from "ioredis";
import { Pool } from "pg";
import { createClient } from "redis";
import { BRIDGE_TOKEN } from "../../support/redis-rest.ts";
import type { StoreAddress } from "./store-address.ts";

/** A store with the methods that the campaign uses. */
export type LookedAt = JobStore & DeadLetters;

/** Opens the store at an address, as the README of its package says, and creates its tables. */
export async function openStore({ kind, url, namespace }: StoreAddress): Promise<LookedAt> {
  switch (kind) {
    case "memory":
      return memoryStore();
    case "sqlite":
      return sqliteStore(url, { namespace });
    case "postgres": {
      const client = new Pool({
        connectionString: url,
        connectionTimeoutMillis: 3_000,
        query_timeout: 10_000,
      });
      client.on("error", () => undefined);
      const store = postgresStore({ client, namespace });
      await store.migrate();
      return { ...store, close: () => client.end() };
    }
    case "redis": {
      const options = { lazyConnect: true, socketTimeout: 5_000, maxRetriesPerRequest: 0 };
      const client = new Redis(url, options);
      client.on("error", () => undefined);
      return { ...redisStore({ client, namespace }), close: async () => client.disconnect() };
    }
    case "node-redis": {
      const client = createClient({
        url,
        pingInterval: 2_000,
        socket: { socketTimeout: 5_000, reconnectStrategy: (tries) => Math.min(tries * 50, 1_000) },
      });
      client.on("error", () => undefined);
      await client.connect();
      return { ...redisStore({ client, namespace }), close: async () => client.destroy() };
    }
    case "upstash": {
      const client = new Upstash({ url, token: BRIDGE_TOKEN, retry: false });
      return redisStore({ client, namespace });
    }
  }
}
