import { redisStore, type RedisClient } from "@abstrakt-webhooks/store-redis";
import { Redis } from "ioredis";
import { createSentinel } from "redis";
import { afterAll, describe, expect, it } from "vitest";
import { openRedis } from "../../../test/support/redis-database.ts";
import { startSentinel, WATCHED } from "../../../test/support/redis-sentinel.ts";
import { startRedis } from "../../../test/support/redis-server.ts";
import { HELD, result } from "./on-redis.ts";

const server = await startRedis();
const sentinel = server && (await startSentinel(server.url));

describe.skipIf(sentinel === undefined)("a server behind Sentinel (needs redis-server)", () => {
  const redis = openRedis(server?.url ?? "");
  afterAll(async () => {
    await redis.close();
    await sentinel?.stop();
    await server?.stop();
  });
  const { hostname: host, port } = new URL(sentinel?.url ?? "redis://nowhere");
  const node = { host, port: Number(port) };

  async function live(client: RedisClient): Promise<void> {
    const store = redisStore({ client, namespace: redis.namespace() });
    await store.ready();
    const ingested = await store.ingest(result("a"), HELD);
    if (ingested.kind !== "leased") throw new Error(`Expected a lease, got ${ingested.kind}.`);
    expect(await store.ingest(result("a"), HELD)).toEqual({ kind: "duplicate", state: "leased" });
    expect(await store.settle(ingested.lease, { to: "done" })).toBe(true);
    expect((await store.list({ state: "done", limit: 9 })).records).toHaveLength(1);
    const { warnings } = await store.inspect();
    expect(warnings).toEqual([expect.stringMatching(/appendonly = no/)]);
  }

  it("ioredis works, and has one connection, so that it can wait for replicas", async () => {
    const client = new Redis({ sentinels: [node], name: WATCHED });
    await live(client);
    expect(() => redisStore({ client, waitReplicas: 1 })).not.toThrow();
    client.disconnect();
  });

  it("node-redis works, but cannot wait for replicas", async () => {
    const client = createSentinel({ name: WATCHED, sentinelRootNodes: [node] });
    client.on("error", () => undefined);
    expect(() => redisStore({ client, waitReplicas: 1 })).toThrow(
      /a single connection.*got a cluster, a pool, a Sentinel client or Upstash/,
    );
    await client.connect();
    await live(client);
    await client.close();
  });
});
