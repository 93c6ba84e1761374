import {
  invalidOptions,
  readStoreOptions,
  requireInteger,
  type StoreOptions,
} from "@abstrakt-webhooks/core/store";
import type { RedisClient } from "./client.ts";
import type { Driver } from "./driver.ts";
import { toKeys, type Keys } from "./keys.ts";
import { toDriver } from "./to-driver.ts";

/** What a Redis store is made of. Only `client` is required. */
export interface RedisStoreOptions {
  /** A client of ioredis, node-redis or `@upstash/redis`. It stays yours: the store never closes it. */
  readonly client: RedisClient;
  /**
   * Begins every key as `{namespace}:`, which keeps them on one node of a cluster. Stores of different
   * namespaces share nothing. Default `abstrakt`.
   */
  readonly namespace?: string;
  /** How long a done job answers duplicates, for jobs settled from now on. Default 8 days. */
  readonly doneTtlMs?: number;
  /** How long a dead job can be redriven, for jobs that die from now on. Default 30 days. */
  readonly deadTtlMs?: number;
  /** False drops the payload when the job is done; `result()` and `get` then have none. Default true. */
  readonly keepPayload?: boolean;
  /**
   * How many replicas must have a delivery before it is acknowledged; with fewer after a second, the
   * sender is told to come again. Needs one plain connection: no cluster, pool or Upstash. Default 0.
   */
  readonly waitReplicas?: number;
}

/** The options, checked and with every default filled in. */
export interface Settings extends Omit<Required<StoreOptions>, "namespace"> {
  readonly driver: Driver;
  readonly keys: Keys;
  readonly waitReplicas: number;
}

/** @throws AbstraktWebhookError `invalid_options`, naming the option, what it takes and what came. */
export function toSettings(options: RedisStoreOptions): Settings {
  const { namespace, ...common } = readStoreOptions(options, ["client", "waitReplicas"]);
  const { client, waitReplicas = 0 } = options;
  const driver = toDriver(client);
  requireInteger("waitReplicas", waitReplicas, 0);
  if (waitReplicas > 0 && !driver.isOneConnection) {
    throw invalidOptions(
      "Expected `client` to be one plain connection of ioredis or node-redis, since `waitReplicas` is set. Leave it out for a cluster, a pool or Upstash.",
    );
  }
  return { ...common, driver, keys: toKeys(namespace), waitReplicas };
}
