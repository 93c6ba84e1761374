import { redisStore, type RedisClient } from "@abstrakt-webhooks/store-redis";
import { Redis as Upstash } from "@upstash/redis";
import { Cluster, Redis } from "ioredis";
import { createClient, createClientPool, createCluster, RESP_TYPES } from "redis";
import { describe, expect, it } from "vitest";
import { startRestBridge } from "../../../test/support/redis-rest.ts";
import { HELD, onRedis, result, STORED } from "./on-redis.ts";

const PAYLOAD = ' {"text": "\u{1F3A8} \\u0000 \\\\ \' {a,b}", "n": 1.0} ';

/** A job from first to last, through every script of the store. */
async function live(client: RedisClient, namespace: string): Promise<void> {
  const store = redisStore({ client, namespace });
  const jobId = "12"; // a client that parses replies as JSON would read a number
  const binding = "[1]";
  const delivery = { ...result(jobId), payload: PAYLOAD, binding };
  await store.expect(jobId, { pollAfterMs: 0, giveUpAfterMs: 1_000, binding });
  const [poll] = await store.claimPolls({ limit: 5, leaseMs: 1_000 });
  expect(poll).toEqual({ jobId, fence: 1, polls: 1, overdue: false, binding });
  expect(await store.settlePoll({ jobId, fence: 1 }, { againAfterMs: 500 })).toBe(true);
  const ingested = await store.ingest(delivery, HELD);
  expect(ingested).toMatchObject({
    lease: { fence: 2, attempt: 1, payload: PAYLOAD, binding, expected: true, source: "webhook" },
  });
  expect(await store.ingest(delivery, STORED)).toEqual({ kind: "duplicate", state: "leased" });
  const held = { jobId, fence: 2 };
  expect(await store.settle(held, { to: "extend", leaseMs: 9_000 })).toBe(true);
  expect(await store.settle(held, { to: "retry", delayMs: 9_000, error: "null" })).toBe(true);
  const due = (await store.nextDueInMs()) ?? 0;
  expect(due > 0 && due <= 9_000).toBe(true);
  expect((await store.get(jobId))?.error).toBe("null");
  const [lease] = await store.claim({ ...HELD, limit: 1, jobId });
  expect(lease).toMatchObject({ jobId, fence: 3, attempt: 2, payload: PAYLOAD, binding });
  expect(Number.isInteger(lease?.receivedAtMs)).toBe(true);
  expect(await store.settle({ jobId, fence: 3 }, { to: "release" })).toBe(true);
  expect((await store.claim({ ...HELD, limit: 9 })).map(({ fence }) => fence)).toEqual([4]);
  expect(await store.settle({ jobId, fence: 4 }, { to: "dead", error: "gone" })).toBe(true);
  expect(await store.redrive(jobId)).toBe(true);
  expect(await store.claim({ ...HELD, limit: 9 })).toHaveLength(1);
  expect(await store.settle({ jobId, fence: 5 }, { to: "done" })).toBe(true);
  expect(await store.stats()).toEqual({ expected: 0, pending: 0, leased: 0, done: 1, dead: 0 });
  const record = await store.get(jobId);
  expect(record).toMatchObject({ state: "done", payload: PAYLOAD, fence: 5, conflicts: 0 });
  expect((await store.list({ limit: 5 })).records).toEqual([record]);
  expect((await store.list({ limit: 5, state: "done" })).records).toEqual([record]);
  expect(await store.prune({ limit: 5 })).toBe(0);
  for (const warning of (await store.inspect()).warnings) expect(warning).toMatch(/^Redis runs/);
}

await onRedis("clients", ({ url, redis }) => {
  it("ioredis works", async () => {
    const client = new Redis(url, { lazyConnect: true });
    await live(client, redis.namespace());
    client.disconnect();
  });

  it("ioredis with a key prefix works: the prefix is added to every key", async () => {
    const namespace = redis.namespace();
    const client = new Redis(url, { keyPrefix: "mine:" });
    await live(client, namespace);
    client.disconnect();
    expect(await redis.admin.keys(`{${namespace}*`)).toEqual([]);
    const keys = await redis.admin.keys(`mine:{${namespace}}*`);
    expect(keys.length).toBeGreaterThan(2);
    await redis.admin.unlink(...keys);
  });

  it("node-redis works by both protocols", async () => {
    for (const RESP of [2, 3] as const) {
      const client = createClient({ url, RESP });
      await client.connect();
      await live(client, redis.namespace());
      client.destroy();
    }
  });

  it("node-redis that answers with Buffers is refused in words, and can be told not to", async () => {
    const typeMapping = { [RESP_TYPES.BLOB_STRING]: Buffer };
    const client = createClient({ url, commandOptions: { typeMapping } });
    await client.connect();
    const store = redisStore({ client, namespace: redis.namespace() });
    const refused = {
      code: "store_unavailable",
      message: expect.stringContaining("answer with text, got bytes"),
    };
    await expect(store.ingest(result("a"), HELD)).rejects.toMatchObject(refused);
    await expect(store.get("a")).rejects.toMatchObject(refused);
    await expect(store.list({ limit: 5 })).rejects.toMatchObject(refused);
    await live(client.withTypeMapping({}), redis.namespace());
    client.destroy();
  });

  it("a pool of node-redis works", async () => {
    const pool = createClientPool({ url });
    await pool.connect();
    await live(pool, redis.namespace());
    pool.destroy();
  });

  it("@upstash/redis works, whether or not it parses replies as JSON, alone or in pipelines", async () => {
    const bridge = await startRestBridge(url);
    for (const options of [
      {},
      { automaticDeserialization: false },
      { enableAutoPipelining: false },
      { responseEncoding: false } as const,
    ]) {
      const client = new Upstash({ url: bridge.url, token: bridge.token, ...options });
      await live(client, redis.namespace());
    }
    await bridge.close();
  });

  it("a client of another kind is refused at once, and the error names what was given", () => {
    const map = new Map() as unknown as RedisClient;
    expect(() => redisStore({ client: map })).toThrow(
      /ioredis, node-redis or @upstash\/redis, got another object/,
    );
    const others: unknown[] = [undefined, null, url, {}, Redis];
    for (const client of others) {
      expect(() => redisStore({ client: client as RedisClient })).toThrow(
        /Expected `client` to be a client of/,
      );
    }
  });
});

await onRedis(
  "a cluster",
  ({ url, redis }) => {
    const { hostname: host, port } = new URL(url);

    it("a cluster runs every script, because all keys of a namespace are in one slot", async () => {
      await redis.admin.call("CLUSTER", "ADDSLOTSRANGE", 0, 16_383);
      const info = () => redis.admin.call("CLUSTER", "INFO");
      await expect.poll(info, { timeout: 20_000 }).toContain("cluster_state:ok");
      const ioredis = new Cluster([{ host, port: Number(port) }]);
      await live(ioredis, redis.namespace());
      ioredis.disconnect();
      const nodeRedis = createCluster({ rootNodes: [{ url }] });
      await nodeRedis.connect();
      await live(nodeRedis, redis.namespace());
      nodeRedis.destroy();
    });

    describe("replicas", () => {
      it("cannot be waited for, because each command may use another connection", () => {
        const cluster = new Cluster([{ host, port: Number(port) }], { lazyConnect: true });
        expect(() => redisStore({ client: cluster, waitReplicas: 1 })).toThrow(/`waitReplicas`/);
        const pool = createClientPool({ url });
        expect(() => redisStore({ client: pool, waitReplicas: 1 })).toThrow(/a single connection/);
      });
    });
  },
  ["--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1"],
);
