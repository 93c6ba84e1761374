import {
  redisStore,
  type IoredisClient,
  type NodeRedisClient,
} from "@abstrakt-webhooks/store-redis";
import { loadDriver } from "./load-driver.ts";
import { CONNECT_TIMEOUT_MS, type OpenStore, type StoreLocation } from "./inspected-store.ts";

interface Ioredis extends IoredisClient {
  on(event: "error", listener: () => void): unknown;
  connect(): Promise<unknown>;
  disconnect(): void;
}

interface NodeRedis extends NodeRedisClient {
  on(event: "error", listener: () => void): unknown;
  connect(): Promise<unknown>;
  destroy(): void;
}

/** Connects with `ioredis` or `redis`. It tries once, so a server that is down is an error at once. */
export async function openRedis({ url, namespace, cwd }: StoreLocation): Promise<OpenStore> {
  const driver = await loadDriver("Redis", ["ioredis", "redis"], cwd);
  if (driver.name === "ioredis") {
    const Redis = driver.pick("Redis") as new (url: string, options: object) => Ioredis;
    const once = {
      lazyConnect: true,
      retryStrategy: () => null,
      connectTimeout: CONNECT_TIMEOUT_MS,
    };
    const client = new Redis(url, once);
    let failure: unknown;
    client.on("error", (...[error]: unknown[]) => (failure = error));
    // The rejection itself says only "Connection is closed."
    await client.connect().catch((thrown: unknown) => Promise.reject(failure ?? thrown));
    return { store: redisStore({ client, namespace }), close: async () => client.disconnect() };
  }
  const createClient = driver.pick("createClient") as (options: object) => NodeRedis;
  const socket = { reconnectStrategy: false, connectTimeout: CONNECT_TIMEOUT_MS };
  const client = createClient({ url, socket });
  client.on("error", () => undefined);
  await client.connect();
  return { store: redisStore({ client, namespace }), close: async () => client.destroy() };
}
