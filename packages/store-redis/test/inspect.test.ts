import { createReceiver, type ReceiverEvent } from "@abstrakt-webhooks/core";
import { redisStore } from "@abstrakt-webhooks/store-redis";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { expect, it } from "vitest";
import { onRedis } from "./on-redis.ts";

const GOOD = { appendonly: "yes", appendfsync: "always", "maxmemory-policy": "noeviction" };

await onRedis(
  "inspect",
  ({ url, redis }) => {
    const set = async (change: Partial<typeof GOOD>) => {
      for (const [name, value] of Object.entries({ ...GOOD, ...change })) {
        await redis.admin.config("SET", name, value);
      }
    };
    const inspect = async (client = redis.admin) =>
      (await redisStore({ client, namespace: redis.namespace() }).inspect()).warnings;

    it("inspect warns of each setting that loses acknowledged results, and of no other", async () => {
      await set({});
      expect(await inspect()).toEqual([]);
      for (const [change, words] of [
        [{ appendonly: "no" }, /appendonly = no/],
        [{ appendfsync: "everysec" }, /appendfsync = everysec.*second/],
        [{ appendfsync: "no" }, /appendfsync = no/],
        [{ "maxmemory-policy": "allkeys-lru" }, /maxmemory-policy = allkeys-lru.*noeviction/],
        [{ "maxmemory-policy": "volatile-ttl" }, /maxmemory-policy = volatile-ttl/],
      ] as const) {
        await set(change);
        expect(await inspect()).toEqual([expect.stringMatching(words)]);
      }
    });

    it("inspect reads the answer in the form of each client and protocol", async () => {
      await set({ appendonly: "no", "maxmemory-policy": "allkeys-lru" });
      for (const RESP of [2, 3] as const) {
        const client = createClient({ url, RESP });
        await client.connect();
        expect((await redisStore({ client }).inspect()).warnings).toHaveLength(2);
        client.destroy();
      }
    });

    it("inspect reads other commands where CONFIG is refused, and warns of nothing where all are", async () => {
      await set({ appendonly: "no", "maxmemory-policy": "allkeys-lru" });
      for (const [user, rights, count] of [
        ["some", ["+@all", "-config"], 2],
        ["none", ["+@all", "-config", "-info"], 0],
      ] as const) {
        await redis.admin.acl("SETUSER", user, "on", ">secret", "~*", ...rights);
        const client = new Redis(url, {
          username: user,
          password: "secret",
          enableReadyCheck: false,
        });
        expect(await inspect(client)).toHaveLength(count);
        client.disconnect();
      }
    });

    it("each warning of inspect is one event, once for each receiver", async () => {
      await set({ appendonly: "no", "maxmemory-policy": "allkeys-lru" });
      const warnings: ReceiverEvent[] = [];
      const store = redisStore({ client: redis.admin, namespace: redis.namespace() });
      const receiver = createReceiver({
        auth: "none",
        store,
        onEvent: (event) => {
          if (event.type === "warning" && event.error.code === "store_settings")
            warnings.push(event);
        },
      });
      for (const job_id of ["a", "b", "c"]) {
        const body = JSON.stringify({ job_id, status: "failed" });
        await receiver.fetch(new Request("http://localhost/", { method: "POST", body }));
        await receiver.idle();
        await expect.poll(() => warnings.length).toBe(2);
      }
      expect(warnings[0]).not.toEqual(warnings[1]);
      await receiver.drain();
    });
  },
  [],
);
