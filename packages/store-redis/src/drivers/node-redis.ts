import type { NodeRedisClient } from "../client.ts";
import type { Driver } from "../driver.ts";
import { has, readyOrError } from "./emitter.ts";

/** What differs: a pool has no `isReady`, a cluster has `masters` and wants to know where to send. */
interface Kinds extends NodeRedisClient {
  readonly isReady?: boolean;
  readonly masters?: unknown;
  sendCommand(words: string[]): Promise<unknown>;
}

/** node-redis: a client, a pool of them or a cluster. */
export function nodeRedisDriver(client: unknown): Driver | undefined {
  if (!has(client, "evalSha", "eval", "sendCommand", "on", "off")) return undefined;
  const redis = client as Kinds;
  const isCluster = redis.masters !== undefined;
  return {
    evalsha: (sha, keys, args) => redis.evalSha(sha, { keys, arguments: args }),
    eval: (script, keys, args) => redis.eval(script, { keys, arguments: args }),
    ...(!isCluster && { command: (...words: string[]) => redis.sendCommand(words) }),
    isOneConnection: !isCluster && redis.isReady !== undefined,
    connection: {
      state() {
        if (redis.isReady ?? redis.isOpen) return "ready";
        return redis.isOpen ? "connecting" : "closed";
      },
      next: (timeoutMs) => readyOrError(redis, timeoutMs),
    },
  };
}
