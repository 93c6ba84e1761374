import {
  invalidOptions,
  readStoreOptions,
  requireInteger,
  type StoreOptions,
  type WithDefaults,
} from "@abstrakt-webhooks/core/store";
import type { RedisClient } from "./client.ts";
import type { Driver } from "./driver.ts";
import { toKeys, type Keys } from "./keys.ts";
import { requireNoClient, toDriver } from "./to-driver.ts";

/** Options of a Redis store. Only `client` is required. */
export interface RedisStoreOptions {
  /** A client of ioredis, node-redis or `@upstash/redis`. The store never closes it. */
  readonly client: RedisClient;
  /**
   * Every key begins with `{namespace}:`, so all are on one node of a cluster. Stores with
   * different namespaces share nothing. Default `abstrakt`.
   */
  readonly namespace?: string | undefined;
  /** How long a done job answers duplicates, for jobs settled from now on. Default 8 days. */
  readonly doneTtlMs?: number | undefined;
  /** How long a dead job can be redriven, for jobs that die from now on. Default 30 days. */
  readonly deadTtlMs?: number | undefined;
  /**
   * False drops the payload when the job is done. Then `result()` and `get` have none. Default
   * true.
   */
  readonly keepPayload?: boolean | undefined;
  /**
   * How many replicas must confirm a delivery before it is acknowledged. If fewer confirm it within
   * a second, the answer is 503. This needs a single connection, so not a cluster, a pool,
   * node-redis's Sentinel client or Upstash. Default 0.
   */
  readonly waitReplicas?: number | undefined;
}

/** The options, checked and with defaults. */
export interface Settings extends Omit<WithDefaults<StoreOptions>, "namespace"> {
  readonly driver: Driver;
  readonly keys: Keys;
  readonly waitReplicas: number;
}

/**
 * @throws AbstraktWebhookError `invalid_options`. It names the option, what it takes and its value.
 */
export function toSettings(options: RedisStoreOptions): Settings {
  requireNoClient(options);
  const { namespace, ...common } = readStoreOptions(options, ["client", "waitReplicas"]);
  const { client, waitReplicas = 0 } = options;
  const driver = toDriver(client);
  requireInteger("waitReplicas", waitReplicas, 0);
  if (waitReplicas > 0 && !driver.isOneConnection) {
    throw invalidOptions(
      "Expected `client` to be a single connection of ioredis or node-redis because `waitReplicas` is set, got a cluster, a pool, a Sentinel client or Upstash. Leave `waitReplicas` out.",
    );
  }
  return { ...common, driver, keys: toKeys(namespace), waitReplicas };
}
