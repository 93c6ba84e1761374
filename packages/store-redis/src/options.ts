import { AbstraktWebhookError } from "@abstrakt-webhooks/core";
import type { RedisClient } from "./client.ts";
import { toDriver, type Driver } from "./driver.ts";
import { toKeys, type Keys } from "./keys.ts";

const DAY_MS = 86_400_000;

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
export interface Settings {
  readonly driver: Driver;
  readonly keys: Keys;
  readonly doneTtlMs: number;
  readonly deadTtlMs: number;
  readonly keepPayload: boolean;
  readonly waitReplicas: number;
}

/** @throws AbstraktWebhookError `invalid_options`, naming the option, what it takes and what came. */
export function toSettings(options: RedisStoreOptions): Settings {
  const {
    client,
    namespace = "abstrakt",
    doneTtlMs = 8 * DAY_MS,
    deadTtlMs = 30 * DAY_MS,
    keepPayload = true,
    waitReplicas = 0,
  } = options;
  const driver = toDriver(client);
  requireInteger("doneTtlMs", doneTtlMs, 1);
  requireInteger("deadTtlMs", deadTtlMs, 1);
  requireInteger("waitReplicas", waitReplicas, 0);
  if (waitReplicas > 0 && !driver.isOneConnection) {
    throw invalid(
      "Expected `client` to be one plain connection of ioredis or node-redis, since `waitReplicas` is set. Leave it out for a cluster, a pool or Upstash.",
    );
  }
  return { driver, keys: toKeys(namespace), doneTtlMs, deadTtlMs, keepPayload, waitReplicas };
}

function requireInteger(name: string, value: unknown, least: number): void {
  if (Number.isSafeInteger(value) && (value as number) >= least) return;
  throw invalid(
    `Expected \`${name}\` to be a whole number of at least ${least}, got ${String(value)}.`,
  );
}

const invalid = (message: string): AbstraktWebhookError =>
  new AbstraktWebhookError("invalid_options", message);
