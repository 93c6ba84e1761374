import { redisStore, type RedisClient } from "@abstrakt-webhooks/store-redis";
import { Redis } from "ioredis";
import { createClient, createClientPool } from "redis";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { startRedis } from "../support/redis-server.ts";
import { startTcpProxy } from "../support/tcp-proxy.ts";

const SENDERS = 8;
const ACKNOWLEDGED = 200;
const HELD = { owner: "test", leaseMs: 60_000 };
const result = (jobId: string) => ({
  jobId,
  fingerprint: "1-a",
  payload: '{"result":true}',
  source: "webhook" as const,
});

/** Clients made by the recipes of the store's README, and the commands that ioredis gets. */
const clients = {
  async ioredis(url: string) {
    const asked: string[] = [];
    const client = new Redis(url, {
      socketTimeout: 5_000,
      maxRetriesPerRequest: 0,
      reconnectOnError(error) {
        asked.push(error.message);
        return error.message.includes("READONLY");
      },
    });
    client.on("error", () => undefined);
    return { client, asked, close: () => client.disconnect() };
  },
  async "node-redis"(url: string) {
    const client = createClient({
      url,
      pingInterval: 2_000,
      socket: { socketTimeout: 5_000, reconnectStrategy: (tries) => Math.min(tries * 50, 1_000) },
    });
    client.on("error", () => undefined);
    await client.connect();
    return { client, asked: undefined, close: () => client.destroy() };
  },
  async "a node-redis pool"(url: string) {
    const client = createClientPool({ url });
    client.on("error", () => undefined);
    await client.connect();
    return { client, asked: undefined, close: () => client.destroy() };
  },
};

/** The values of `waitReplicas` for each client: it needs one plain connection. */
const WAITS: Record<keyof typeof clients, number[]> = {
  ioredis: [0, 1],
  "node-redis": [0, 1],
  "a node-redis pool": [0],
};

const servers = [
  await startRedis("--repl-diskless-sync-delay", "0"),
  await startRedis("--repl-diskless-sync-delay", "0"),
];

describe.skipIf(servers.includes(undefined))("a Redis failover (needs servers)", () => {
  interface Node {
    readonly url: string;
    readonly admin: Redis;
    follow(other: Node): Promise<void>;
    promote(): Promise<unknown>;
  }
  const toNode = (url: string): Node => {
    const admin = new Redis(url, { lazyConnect: true });
    return {
      url,
      admin,
      async follow(other) {
        const { hostname, port } = new URL(other.url);
        await admin.replicaof(hostname, port);
        const isOnline = async () =>
          expect(await other.admin.info("replication")).toContain("state=online");
        await vi.waitFor(isOnline, { timeout: 20_000 });
      },
      promote: () => admin.replicaof("NO", "ONE"),
    };
  };
  let [primary, replica] = servers.map((server) => toNode(server?.url ?? "redis://nowhere")) as [
    Node,
    Node,
  ];
  let failovers = 0;

  beforeAll(() => replica.follow(primary));
  afterAll(async () => {
    for (const { admin } of [primary, replica]) admin.disconnect();
    await Promise.all(servers.map(async (server) => server?.stop()));
  });

  /** Directs new connections to the replica and leaves the open ones at the old primary. */
  const behindAProxy = async () => {
    const proxy = await startTcpProxy(primary.url);
    onTestFinished(() => proxy.close());
    const fail = async (beforeOldOneKnows?: () => Promise<unknown>): Promise<void> => {
      [primary, replica] = [replica, primary];
      await primary.promote();
      await beforeOldOneKnows?.();
      proxy.redirect(primary.url);
      await replica.follow(primary);
    };
    failovers += 1;
    return { url: proxy.url, namespace: `failover-${failovers}`, fail };
  };
  const open = async (name: keyof typeof clients, url: string) => {
    const opened = await clients[name](url);
    onTestFinished(() => opened.close());
    return opened;
  };
  const storeOf = (client: RedisClient, namespace: string, waitReplicas = 0) =>
    redisStore({ client, namespace, waitReplicas });

  it("ioredis: a WAIT that is sent again on a new connection confirms nothing", async () => {
    const alone = await startRedis();
    const proxy = await startTcpProxy(alone?.url ?? "");
    // ioredis has this default: it sends commands without an answer again on the new connection.
    const client = new Redis(proxy.url);
    client.on("error", () => undefined);
    onTestFinished(async () => {
      client.disconnect();
      await proxy.close();
      await alone?.stop();
    });
    const namespace = "sent-again";
    const ingested = storeOf(client, namespace, 1).ingest(result("job"), HELD);
    const refused = expect(ingested).rejects.toMatchObject({ code: "store_unavailable" });
    const admin = new Redis(alone?.url ?? "");
    const written = () => admin.exists(`{${namespace}}:job:job`);
    await expect.poll(written, { timeout: 5_000 }).toBe(1);
    admin.disconnect();
    proxy.cut();
    proxy.redirect(primary.url);
    proxy.mend();
    await refused;
    expect(await storeOf(primary.admin, namespace).get("job")).toBeUndefined();
  });

  for (const name of Object.keys(clients) as (keyof typeof clients)[]) {
    it.each(WAITS[name])(`${name} reconnects by itself, with waitReplicas: %i`, async (waits) => {
      const { url, namespace, fail } = await behindAProxy();
      const { client, asked } = await open(name, url);
      const store = storeOf(client, namespace, waits);
      await store.ingest(result("before"), HELD);
      await fail();
      // The rows of the old primary may be lost with it, so a repeat is no duplicate either.
      const refusal = {
        code: "store_unavailable",
        message: expect.stringContaining("a replica"),
      };
      await expect(store.ingest(result("before"), HELD)).rejects.toMatchObject(refusal);
      if (asked !== undefined) expect(asked).toContainEqual(expect.stringMatching(/^READONLY/));
      const ingest = () => store.ingest(result("after"), HELD).catch(() => undefined);
      await expect.poll(ingest, { timeout: 10_000 }).toMatchObject({ kind: "leased" });
      expect(await storeOf(primary.admin, namespace).get("after")).toMatchObject({ attempts: 1 });
    });

    if (!WAITS[name].includes(1)) continue;
    it(`${name}: no acknowledged result is lost under load with waitReplicas: 1`, async () => {
      const { url, namespace, fail } = await behindAProxy();
      const { client } = await open(name, url);
      const store = storeOf(client, namespace, 1);
      const acknowledged: string[] = [];
      const failures: unknown[] = [];
      let over = false;
      let next = 0;
      const send = async (): Promise<void> => {
        while (!over) {
          const jobId = `job-${(next += 1)}`;
          await store.ingest(result(jobId), HELD).then(
            () => acknowledged.push(jobId),
            (error: unknown) => failures.push(error),
          );
          await new Promise((turn) => setImmediate(turn));
        }
      };
      const sending = Array.from({ length: SENDERS }, send);
      const more = async (): Promise<void> => {
        const enough = acknowledged.length + ACKNOWLEDGED;
        await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(enough);
      };
      try {
        await more();
        // For a while there are two primaries, and the rows of the old one will be lost.
        const answered = () => acknowledged.length + failures.length;
        const enough = answered() + 2 * SENDERS;
        await fail(() => expect.poll(answered, { timeout: 5_000 }).toBeGreaterThan(enough));
        await more();
      } finally {
        over = true;
        await Promise.all(sending);
      }

      expect(failures.length).toBeGreaterThan(0);
      for (const error of failures) expect(error).toMatchObject({ code: "store_unavailable" });
      const { records } = await storeOf(primary.admin, namespace).list({ limit: next + 1 });
      const kept = new Set(records.map(({ jobId }) => jobId));
      expect(acknowledged.filter((jobId) => !kept.has(jobId))).toEqual([]);
    });
  }
});
