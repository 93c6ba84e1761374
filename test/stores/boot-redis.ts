import type { BootStore } from "@abstrakt-webhooks/testing";
import { redisStore, type RedisClient, type RedisStore } from "@abstrakt-webhooks/store-redis";
import type { TestRedis } from "../support/redis-database.ts";

/** Stored times are set back without waiting, so units may be long enough for a slow machine. */
export const REDIS = { shared: true, namespaces: true, unitMs: 60_000 };

/** Boots stores on one server, each backend in its own namespace. */
export function bootRedis(redis: TestRedis, client: RedisClient, another = client): BootStore {
  return (retention) => {
    const namespace = redis.namespace();
    let elapsedMs = 0;
    const open = (from: RedisClient, name = namespace) =>
      asOfNow(redisStore({ client: from, namespace: name, ...retention }), () => elapsedMs);
    return {
      store: open(client),
      async elapse(ms) {
        elapsedMs += ms;
        await redis.elapse(namespace, ms);
      },
      another: async () => open(another),
      otherNamespace: async () => open(client, redis.namespace()),
      close: () => redis.clear(namespace),
    };
  };
}

/** Returns arrival times as if time had passed, instead of the rows' times set back. */
function asOfNow(store: RedisStore, elapsedMs: () => number): RedisStore {
  const shift = <T extends { readonly receivedAtMs?: number }>(row: T): T =>
    row.receivedAtMs === undefined ? row : { ...row, receivedAtMs: row.receivedAtMs + elapsedMs() };
  return {
    ...store,
    async ingest(delivery, o) {
      const ingested = await store.ingest(delivery, o);
      return ingested.kind === "leased" ? { ...ingested, lease: shift(ingested.lease) } : ingested;
    },
    claim: async (o) => (await store.claim(o)).map(shift),
  };
}
