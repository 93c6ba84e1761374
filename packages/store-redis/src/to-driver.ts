import { describe, invalidOptions } from "@abstrakt-webhooks/core/store";
import type { Driver } from "./driver.ts";
import { ioredisDriver } from "./drivers/ioredis.ts";
import { nodeRedisDriver } from "./drivers/node-redis.ts";
import { upstashDriver } from "./drivers/upstash.ts";

/** @throws AbstraktWebhookError `invalid_options` for a client of any other library. */
export function toDriver(client: unknown): Driver {
  const driver = findDriver(client);
  if (driver !== undefined) return driver;
  const got = typeof client === "object" && client !== null ? "another object" : describe(client);
  throw invalidOptions(
    `Expected \`client\` to be a client of ioredis, node-redis or @upstash/redis, got ${got}.`,
  );
}

/** Throws when the client is in the place of the options. */
export function requireNoClient(options: unknown): void {
  if (findDriver(options) === undefined) return;
  throw invalidOptions(
    "Expected the store's options, got the client itself. Pass it as `client`: redisStore({ client }).",
  );
}

const findDriver = (client: unknown): Driver | undefined =>
  ioredisDriver(client) ?? nodeRedisDriver(client) ?? upstashDriver(client);
