import { Redis as Upstash } from "@upstash/redis";
import type { RedisClient } from "@abstrakt-webhooks/store-redis";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { startRestBridge } from "./redis-rest.ts";

/** A connection to a server. `close` closes it. */
export interface OpenedClient {
  readonly client: RedisClient;
  close(): Promise<void>;
}

/** Opens each kind of client on a server of that URL. */
export const openClient = {
  async ioredis(url: string): Promise<OpenedClient> {
    const client = new Redis(url);
    client.on("error", () => undefined); // some tests kill connections
    return { client, close: async () => client.disconnect() };
  },
  async "node-redis"(url: string): Promise<OpenedClient> {
    const client = createClient({ url });
    client.on("error", () => undefined);
    await client.connect();
    return { client, close: async () => client.destroy() };
  },
  async "@upstash/redis"(url: string): Promise<OpenedClient> {
    const bridge = await startRestBridge(url);
    const client = new Upstash({ url: bridge.url, token: bridge.token, retry: false });
    return { client, close: bridge.close };
  },
};
