import { redisStore } from "@abstrakt-webhooks/store-redis";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { afterAll, describe, expect, it } from "vitest";
import { openRedis } from "../support/redis-database.ts";
import { startRedis } from "../support/redis-server.ts";
import { receiverThat, until } from "./support.ts";

const server = await startRedis(); // the test fills it

describe.skipIf(server === undefined)("a full Redis server (needs redis-server)", () => {
  const redis = openRedis(server?.url ?? "");
  afterAll(async () => {
    await redis.close();
    await server?.stop();
  });

  it("does not abort a callback that runs longer than its lease", async () => {
    const store = redisStore({ client: redis.admin, namespace: redis.namespace() });
    const extensions: unknown[] = [];
    const { receiver, runs } = receiverThat(() => until(() => extensions.length >= 2), {
      store: {
        ...store,
        async settle(lease, settlement) {
          const settled = store.settle(lease, settlement);
          if (settlement.to !== "extend") return settled;
          return settled.finally(() => void extensions.push(settled));
        },
      },
      limits: { leaseMs: 3_000 },
    });
    await receiver.ingest(succeededPayload());
    await redis.admin.config("SET", "maxmemory", "1");
    await receiver.idle();
    await redis.admin.config("SET", "maxmemory", "0");
    expect(await Promise.all(extensions)).toEqual([true, true]);
    expect((await receiver.list({ state: "done" })).records).toHaveLength(1);
    expect(runs()).toBe(1);
    await receiver.drain();
  });
});
