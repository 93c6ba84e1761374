import { redisStore } from "@abstrakt-webhooks/store-redis";
import { afterAll, describe, expect, it } from "vitest";
import { openClient } from "../support/redis-clients.ts";
import { openRedis } from "../support/redis-database.ts";
import { startRedis } from "../support/redis-server.ts";

const DELIVERY = { jobId: "a", fingerprint: "1-a", payload: "{}", source: "webhook" } as const;
const HELD = { owner: "test", leaseMs: 60_000 };

// This server is new: on any other, an earlier test may have loaded the scripts.
const server = await startRedis();

describe.skipIf(server === undefined)(
  "a Redis server without the scripts (needs redis-server)",
  () => {
    const url = server?.url ?? "";
    const redis = openRedis(url);
    afterAll(async () => {
      await redis.close();
      await server?.stop();
    });

    it.each(Object.entries(openClient))("gets them through %s", async (_, open) => {
      const { client, close } = await open(url);
      const store = redisStore({ client, namespace: redis.namespace() });
      await redis.admin.script("FLUSH");
      expect(await store.ingest(DELIVERY, HELD)).toMatchObject({ kind: "leased" });
      await redis.admin.script("FLUSH");
      expect(await store.ingest(DELIVERY, HELD)).toMatchObject({ kind: "duplicate" });
      await close();
    });
  },
);
