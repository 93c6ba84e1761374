import { SILENT_MS, timer } from "@abstrakt-webhooks/core/store";
import type { NodeRedisClient } from "../client.ts";
import type { Driver } from "../driver.ts";
import { isReadOnly } from "../store-error.ts";
import { connectionCounter, has, readyOrError } from "./emitter.ts";

/**
 * The members that distinguish the kinds: a pool has no `isReady`, a cluster has `masters`, and a
 * Sentinel client has `getMasterNode` and another `sendCommand`.
 */
interface Kinds extends NodeRedisClient {
  readonly isReady?: boolean;
  readonly masters?: unknown;
  sendCommand(...words: [string[]] | [isReadonly: boolean, words: string[]]): Promise<unknown>;
}

/** Makes a driver of node-redis's client, pool, cluster or Sentinel client. */
export function nodeRedisDriver(client: unknown): Driver | undefined {
  if (!has(client, "evalSha", "eval", "sendCommand", "on", "off")) return undefined;
  const redis = client as Kinds;
  const isCluster = redis.masters !== undefined;
  const isPool = !isCluster && redis.isReady === undefined;
  const isSentinel = has(client, "getMasterNode");
  const command = (...words: string[]) =>
    isSentinel ? redis.sendCommand(false, words) : redis.sendCommand(words);
  let silent = 0;
  let isLeaving = false;

  /**
   * Makes a replica close the connection. node-redis then connects again, to the primary after a
   * failover. It has no option for this. QUIT as a raw command does not end the client. A Sentinel
   * client looks for the primary itself.
   */
  const leaveReplica = async (): Promise<void> => {
    if (isLeaving || isCluster || isSentinel) return;
    isLeaving = true;
    await command("QUIT").catch(() => undefined); // the connection may be gone already
    isLeaving = false;
  };

  /**
   * Counts calls without a reply in time. On one connection, such a call also delays later ones.
   */
  const watched = async (call: Promise<unknown>): Promise<unknown> => {
    let isLate = false;
    const cancel = timer(SILENT_MS, () => {
      isLate = true;
      silent += 1;
    });
    try {
      return await call;
    } catch (thrown) {
      if (isReadOnly(thrown)) void leaveReplica();
      throw thrown;
    } finally {
      cancel();
      if (isLate) silent -= 1;
    }
  };
  return {
    evalsha: (sha, keys, args) => watched(redis.evalSha(sha, { keys, arguments: args })),
    eval: (script, keys, args) => watched(redis.eval(script, { keys, arguments: args })),
    ...(!isCluster && { command }),
    isOneConnection: !isCluster && !isPool && !isSentinel,
    connection: {
      state() {
        // Each write restarts `socketTimeout`, so node-redis does not notice a silent server.
        if (silent > 0 && !isPool) return "connecting";
        if (redis.isReady ?? redis.isOpen) return "ready";
        return redis.isOpen ? "connecting" : "closed";
      },
      next: (timeoutMs) => readyOrError(redis, timeoutMs),
      count: connectionCounter(redis),
    },
  };
}
