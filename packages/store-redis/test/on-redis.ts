import type { Delivery } from "@abstrakt-webhooks/core";
import { afterAll, describe } from "vitest";
import { openRedis, type TestRedis } from "../../../test/support/redis-database.ts";
import { findRedis, startRedis } from "../../../test/support/redis-server.ts";

export interface OnRedis {
  readonly url: string;
  readonly redis: TestRedis;
}

/** Describes tests that need a server. With `settings` they have a server of their own. */
export async function onRedis(
  name: string,
  define: (on: OnRedis) => void,
  settings?: readonly string[],
): Promise<void> {
  const server = await (settings === undefined ? findRedis() : startRedis(...settings));
  describe.skipIf(server === undefined)(`${name} (needs a server)`, () => {
    const url = server?.url ?? "redis://nowhere";
    const redis = openRedis(url);
    afterAll(async () => {
      await redis.close();
      await server?.stop();
    });
    define({ url, redis });
  });
}

export const result = (jobId: string, fingerprint = "1-a"): Delivery => ({
  jobId,
  fingerprint,
  payload: '{"result":true}',
  source: "webhook",
});

export const HELD = { owner: "test", leaseMs: 60_000 };
export const STORED = { owner: "test", leaseMs: 0 };
