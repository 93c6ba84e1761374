import type { IoredisClient } from "../client.ts";
import type { Driver } from "../driver.ts";
import { connectionCounter, has, readyOrError } from "./emitter.ts";

const CONNECTING = new Set(["wait", "connecting", "connect"]);

/** Makes a driver of ioredis's `Redis` or `Cluster`. */
export function ioredisDriver(client: unknown): Driver | undefined {
  if (!has(client, "call", "connect", "on", "off")) return undefined;
  const redis = client as IoredisClient & { isCluster?: boolean; connect(): Promise<unknown> };
  if (typeof redis.status !== "string") return undefined;
  return {
    evalsha: (sha, keys, args) => redis.call("EVALSHA", sha, keys.length, ...keys, ...args),
    eval: (script, keys, args) => redis.call("EVAL", script, keys.length, ...keys, ...args),
    command: (command, ...words) => redis.call(command ?? "", ...words),
    isOneConnection: redis.isCluster !== true,
    connection: {
      state() {
        if (redis.status === "ready") return "ready";
        return CONNECTING.has(redis.status) ? "connecting" : "closed";
      },
      next(timeoutMs) {
        const outcome = readyOrError(redis, timeoutMs);
        if (redis.status === "wait") redis.connect().catch(() => undefined); // `outcome` reports it.
        return outcome;
      },
      count: connectionCounter(redis),
    },
  };
}
