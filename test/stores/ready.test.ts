import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createReceiver, type JobStore, type ReceiverEvent } from "@abstrakt-webhooks/core";
import { d1Store } from "@abstrakt-webhooks/store-cloudflare";
import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import { redisStore } from "@abstrakt-webhooks/store-redis";
import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";
import { Redis } from "ioredis";
import { Client, Pool } from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { openLibsqlD1 } from "../support/libsql-d1.ts";
import { openPostgres } from "../support/postgres-database.ts";
import { findPostgres } from "../support/postgres-server.ts";
import { openRedis } from "../support/redis-database.ts";
import { findRedis } from "../support/redis-server.ts";

/** `ready` rejects with advice, and `start` warns of the same. */
async function expectUnready(store: JobStore, advice: RegExp): Promise<void> {
  const events: ReceiverEvent[] = [];
  const receiver = createReceiver({
    auth: "none",
    store,
    limits: { storeTimeoutMs: 2_000 },
    onEvent: (event) => void events.push(event),
  });
  await expect(receiver.ready()).rejects.toMatchObject({
    code: "store_unavailable",
    message: expect.stringMatching(advice),
  });
  receiver.start();
  const warnings = () =>
    events.flatMap((event) => (event.type === "warning" ? [event.error.message] : []));
  await expect.poll(() => warnings().join("\n"), { timeout: 5_000 }).toMatch(advice);
  await receiver.drain({ timeoutMs: 0 });
}

describe("ready on SQLite", () => {
  it("rejects when the folder is missing", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ready-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const store = sqliteStore(join(folder, "missing", "jobs.db"));
    await expectUnready(store, /cannot be opened\. Create its folder/);
  });

  it("resolves when the store accepts writes, and leaves no row", async () => {
    const store = sqliteStore(":memory:");
    await store.ready();
    expect(await store.stats()).toMatchObject({ dead: 0 });
    await store.close();
  });
});

describe("ready on D1", () => {
  it("rejects when the database was not migrated", () =>
    expectUnready(d1Store(openLibsqlD1([])), /lacks the store's tables.*migrations apply/));

  it("resolves when the database was migrated", async () => {
    await expect(d1Store(openLibsqlD1()).ready()).resolves.toBeUndefined();
  });
});

const postgres = await findPostgres();

describe.skipIf(postgres === undefined)("ready on PostgreSQL (needs a server)", () => {
  const url = postgres?.url ?? "";
  const open = async () => {
    const database = await openPostgres(url);
    onTestFinished(database.close);
    return database;
  };

  it("rejects for a Client that was never connected", () =>
    expectUnready(
      postgresStore({ client: new Client(url) }),
      /pg Client is not connected\. Call `await client\.connect\(\)`/,
    ));

  it("rejects when the database was not migrated, or lacks a function", async () => {
    const { client } = await open();
    const store = postgresStore({ client });
    await expectUnready(store, /The table .* is missing.*await store\.migrate\(\)/);
    await store.migrate();
    await store.ready();
    await client.query("DROP FUNCTION abstrakt_settle_2(text)", []);
    await expect(store.ready()).rejects.toThrow(/A function of the table .* is missing/);
  });

  it("rejects when the database is read-only for this user", async () => {
    const database = await open();
    await postgresStore({ client: database.client }).migrate();
    const options = `-c search_path=${database.schema},pg_catalog -c default_transaction_read_only=on`;
    const pool = new Pool({ connectionString: url, options });
    onTestFinished(() => pool.end());
    await expectUnready(postgresStore({ client: pool }), /takes no writes here/);
  });
});

const redisServer = await findRedis();

describe.skipIf(redisServer === undefined)("ready on Redis (needs a server)", () => {
  it("resolves when the store accepts writes, and leaves no key", async () => {
    const redis = openRedis(redisServer?.url ?? "");
    onTestFinished(redis.close);
    const namespace = redis.namespace();
    await redisStore({ client: redis.admin, namespace }).ready();
    expect(await redis.admin.keys(`{${namespace}}*`)).toEqual([]);
  });

  it("rejects on a replica, which accepts no writes", async () => {
    const client = new Redis(redisServer?.url ?? "");
    onTestFinished(() => client.disconnect());
    const replica = Object.assign(Object.create(client) as Redis, {
      call: (command: string, ...words: (string | number)[]) =>
        command.startsWith("EVAL")
          ? Promise.reject(new Error("READONLY You can't write against a read only replica."))
          : client.call(command, ...words),
    });
    await expectUnready(redisStore({ client: replica }), /the server is a replica/);
  });

  it("rejects for a client that cannot connect", async () => {
    const client = new Redis({ port: 1, lazyConnect: true, retryStrategy: () => null });
    client.on("error", () => undefined);
    onTestFinished(() => client.disconnect());
    await expectUnready(redisStore({ client }), /Check that it runs and is reachable/);
  });
});
