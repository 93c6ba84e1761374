import { redisStore, type RedisClient } from "@abstrakt-webhooks/store-redis";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { expect, it } from "vitest";
import { startTcpProxy } from "../../../test/support/tcp-proxy.ts";
import { HELD, onRedis, result } from "./on-redis.ts";

interface Opened {
  client: RedisClient;
  isReady(): boolean;
  close(): void;
}

const open = {
  async ioredis(url: string): Promise<Opened> {
    const client = new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: () => 10 });
    client.on("error", () => undefined);
    return { client, isReady: () => client.status === "ready", close: () => client.disconnect() };
  },
  async "node-redis"(url: string): Promise<Opened> {
    const client = createClient({ url, socket: { reconnectStrategy: 10 } });
    client.on("error", () => undefined);
    await client.connect();
    return { client, isReady: () => client.isReady, close: () => client.destroy() };
  },
};

await onRedis("a connection that breaks", ({ url, redis }) => {
  it.each(Object.entries(open))(
    "%s: commands fail at once, are not run later, and work again after the reconnect",
    async (_, openBy) => {
      const proxy = await startTcpProxy(url);
      const { client, isReady, close } = await openBy(proxy.url);
      const store = redisStore({ client, namespace: redis.namespace() });
      expect((await store.ingest(result("before"), HELD)).kind).toBe("leased");
      proxy.cut();
      await expect.poll(isReady).toBe(false);
      const calls = [store.ingest(result("meanwhile"), HELD), store.get("before"), store.inspect()];
      const fails = (call: Promise<unknown>) =>
        expect(call).rejects.toThrow(/^The Redis client is not connected/);
      await Promise.all(calls.map(fails));
      proxy.mend();
      await expect.poll(isReady, { timeout: 10_000 }).toBe(true);
      expect(await store.get("meanwhile")).toBeUndefined();
      expect(await store.ingest(result("before"), HELD)).toEqual({
        kind: "duplicate",
        state: "leased",
      });
      close();
      await proxy.close();
    },
  );

  it("all commands wait with one listener for a connection that is not ready yet", async () => {
    const client = new Redis(url);
    const store = redisStore({ client, namespace: redis.namespace() });
    const calls = Array.from({ length: 50 }, () => store.get("nobody"));
    expect(client.listenerCount("ready")).toBe(1);
    expect(await Promise.all(calls)).toEqual(calls.map(() => undefined));
    expect(client.listenerCount("error") + client.listenerCount("ready")).toBe(0);
    client.disconnect();
  });

  it("a result whose reply was lost after the write is an error, and its repeat is a duplicate", async () => {
    const proxy = await startTcpProxy(url);
    const { client, isReady, close } = await open.ioredis(proxy.url);
    const namespace = redis.namespace();
    const store = redisStore({ client, namespace });
    await store.ingest(result("first"), HELD);
    proxy.mute();
    const lost = expect(store.ingest(result("job"), HELD)).rejects.toThrow(/^Redis did not answer/);
    const behind = redisStore({ client: redis.admin, namespace });
    await expect.poll(async () => (await behind.get("job"))?.state).toBe("leased");
    proxy.cut();
    await lost;
    proxy.mend();
    await expect.poll(isReady, { timeout: 10_000 }).toBe(true);
    const again = await store.ingest(result("job"), HELD);
    expect(again).toEqual({ kind: "duplicate", state: "leased" });
    await redis.elapse(namespace, HELD.leaseMs);
    expect(await store.claim({ ...HELD, limit: 9, jobId: "job" })).toHaveLength(1);
    close();
    await proxy.close();
  });
});
