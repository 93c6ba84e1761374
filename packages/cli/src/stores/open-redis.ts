import {
  redisStore,
  type IoredisClient,
  type NodeRedisClient,
} from "@abstrakt-webhooks/store-redis";
import { loadDriver, type Driver } from "./load-driver.ts";
import { CONNECT_TIMEOUT_MS, type OpenStore, type StoreLocation } from "./inspected-store.ts";
import { within } from "./within.ts";

type Client = (IoredisClient | NodeRedisClient) & {
  on(event: "error", listener: () => void): unknown;
  connect(): Promise<unknown>;
  disconnect(): unknown;
  /** node-redis has it since version 5, where it replaces `disconnect`. */
  destroy?(): unknown;
};

/** Connects with `ioredis` or `redis`. It tries once, so a server that is down is an error at once. */
export async function openRedis({ url, namespace, cwd }: StoreLocation): Promise<OpenStore> {
  const driver = await loadDriver("Redis", ["ioredis", "redis"], cwd);
  const client = driver.name === "ioredis" ? newIoredis(driver, url) : newNodeRedis(driver, url);
  const close = async (): Promise<void> =>
    void (await (client.destroy ?? client.disconnect).call(client));
  let failure: unknown;
  client.on("error", (...[error]: unknown[]) => (failure = error));
  try {
    // The driver's own timeout ends when the server accepts the connection.
    await within(CONNECT_TIMEOUT_MS, client.connect());
  } catch (thrown) {
    close().catch(() => undefined);
    // The rejection of ioredis says only "Connection is closed."
    throw failure ?? thrown;
  }
  return { store: redisStore({ client, namespace }), close };
}

function newIoredis({ pick }: Driver, url: string): Client {
  // ioredis 4 is its own constructor.
  const Redis = (pick("Redis") ?? pick("default")) as new (url: string, options: object) => Client;
  return new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: CONNECT_TIMEOUT_MS,
  });
}

function newNodeRedis({ pick }: Driver, url: string): Client {
  const createClient = pick("createClient") as (options: object) => Client;
  return createClient({
    url,
    socket: { reconnectStrategy: false, connectTimeout: CONNECT_TIMEOUT_MS },
  });
}
