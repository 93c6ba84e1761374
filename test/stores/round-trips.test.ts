import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { abstraktWebhook, type JobStore } from "@abstrakt-webhooks/express";
import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import { redisStore } from "@abstrakt-webhooks/store-redis";
import { deliver, failedPayload } from "@abstrakt-webhooks/testing";
import express from "express";
import { Redis } from "ioredis";
import { Pool } from "pg";
import { createClient } from "redis";
import { describe, expect, it, onTestFinished } from "vitest";
import { openPostgres } from "../support/postgres-database.ts";
import { findPostgres } from "../support/postgres-server.ts";
import { openRedis } from "../support/redis-database.ts";
import { findRedis } from "../support/redis-server.ts";
import { startTcpProxy, type TcpProxy } from "../support/tcp-proxy.ts";

/**
 * Delivers over HTTP to an Express app whose store uses the proxy, and counts the round trips
 * between store and server until the answer. The callback waits, so that only the acknowledgement
 * is counted.
 */
async function expectOneTurn(store: JobStore, proxy: TcpProxy): Promise<void> {
  let release = (): void => undefined;
  const webhook = abstraktWebhook({
    auth: "none",
    store,
    onFailed: () => new Promise<void>((resolve) => (release = resolve)),
    onEvent: () => undefined,
  });
  const server = createServer(express().post("/hook", webhook)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  onTestFinished(() => void server.close());
  const send = async (payload: object) => {
    proxy.countTurns();
    const [answer] = await deliver(url, payload);
    return { ...(answer?.body as object), turns: proxy.countTurns() };
  };
  const handled = async () => {
    release();
    await webhook.receiver.idle();
  };

  // The first result opens the connection, loads the script and causes the check of the settings.
  await send(failedPayload());
  await handled();
  await expect.poll(() => proxy.countTurns()).toBe(0);
  for (let round = 0; round < 5; round += 1) {
    const payload = failedPayload();
    const other = { ...payload, error: { code: "OTHER", message: "" } };
    expect(await send(payload)).toEqual({ received: true, turns: 1 });
    expect(await send(payload)).toEqual({ received: true, duplicate: true, turns: 1 });
    expect(await send(other)).toEqual({ received: true, conflict: true, turns: 1 });
    await handled();
    expect(await send(payload)).toEqual({ received: true, duplicate: true, turns: 1 });
  }
  await webhook.receiver.drain();
}

const redisServer = await findRedis();

describe.skipIf(redisServer === undefined)(
  "an acknowledgement needs one round trip to Redis (needs a server)",
  () => {
    const boot = async () => {
      const url = redisServer?.url ?? "";
      const redis = openRedis(url);
      const proxy = await startTcpProxy(url);
      onTestFinished(async () => {
        await redis.close();
        await proxy.close();
      });
      return { proxy, namespace: redis.namespace(), url: proxy.url };
    };

    it("through ioredis", async () => {
      const { proxy, namespace, url } = await boot();
      const client = new Redis(url);
      await expectOneTurn(redisStore({ client, namespace }), proxy);
      client.disconnect();
    });

    it("through node-redis", async () => {
      const { proxy, namespace, url } = await boot();
      const client = createClient({ url });
      await client.connect();
      await expectOneTurn(redisStore({ client, namespace }), proxy);
      client.destroy();
    });

    it("through ioredis, with waitReplicas", async () => {
      const { proxy, namespace, url } = await boot();
      const client = new Redis(url);
      const store = redisStore({ client, namespace, waitReplicas: 1 });
      await expect(store.ingest(DELIVERY, HELD)).rejects.toThrow(/replicas/);
      proxy.countTurns();
      await expect(store.ingest(DELIVERY, HELD)).rejects.toThrow(/replicas/);
      expect(proxy.countTurns()).toBe(1);
      client.disconnect();
    });
  },
);

const DELIVERY = { jobId: "a", fingerprint: "1-a", payload: "{}", source: "webhook" } as const;
const HELD = { owner: "test", leaseMs: 60_000 };

const postgresServer = await findPostgres();

describe.skipIf(postgresServer === undefined)(
  "an acknowledgement needs one round trip to PostgreSQL (needs a server)",
  () => {
    it("through pg", async () => {
      const database = await openPostgres(postgresServer?.url ?? "");
      const proxy = await startTcpProxy(postgresServer?.url ?? "");
      const options = `-c search_path=${database.schema},pg_catalog`;
      const pool = new Pool({ connectionString: proxy.url, options });
      const store = postgresStore({ client: pool });
      await store.migrate();
      await expectOneTurn(store, proxy);
      await pool.end();
      await proxy.close();
      await database.close();
    });
  },
);
