import { runStoreSuite, type BootStore } from "@abstrakt-webhooks/testing";
import { afterAll, beforeAll, describe, it } from "vitest";
import { openClient } from "../support/redis-clients.ts";
import { openRedis } from "../support/redis-database.ts";
import { findRedis } from "../support/redis-server.ts";
import { bootRedis, REDIS } from "./boot-redis.ts";

const server = await findRedis();
const url = server?.url ?? "";
afterAll(() => server?.stop());

describe.skipIf(server === undefined).each(Object.entries(openClient))(
  "redis store through %s (needs a server)",
  (_, open) => {
    const redis = openRedis(url);
    let boot: BootStore;
    beforeAll(async () => {
      const [one, two] = [await open(url), await open(url)];
      boot = bootRedis(redis, one.client, two.client);
      return async () => {
        await Promise.all([one.close(), two.close()]);
        await redis.close();
      };
    });
    runStoreSuite({ describe, it, skip: it.skip }, (options) => boot(options), REDIS);
  },
);
