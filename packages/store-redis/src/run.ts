import { isAbstraktWebhookError } from "@abstrakt-webhooks/core";
import { webCrypto } from "@abstrakt-webhooks/core/store";
import type { Driver } from "./driver.ts";
import type { Gate } from "./gate.ts";
import type { Keys } from "./keys.ts";
import { connectionLost, isNoScript, noText, toStoreError, tooFewReplicas } from "./store-error.ts";

/** How long to wait for replicas, shorter than the default of `limits.storeTimeoutMs`. */
const REPLICAS_MS = 1_000;

/** The max time that is sent, about 300 years. */
const FOREVER_MS = 1e13;

/** Runs a script on the keys of jobs. This is one round trip once the server knows the script. */
export type Run = <Reply>(
  script: string,
  jobIds: readonly string[],
  args: readonly (string | number)[],
  waitReplicas?: number,
) => Promise<Reply>;

/** @throws AbstraktWebhookError `store_unavailable`; the client's error is the cause. */
export function createRun(driver: Driver, gate: Gate, keys: Keys): Run {
  const shas = new Map<string, string>();

  const shaOf = async (script: string): Promise<string> => {
    const sha = await sha1(script);
    shas.set(script, sha);
    return sha;
  };

  /**
   * Sends WAIT in the same turn as the script, so that the same connection carries both in this
   * order. A WAIT on another connection does not cover the write, so it confirms nothing.
   */
  const send = async (call: () => Promise<unknown>, replicas: number): Promise<unknown> => {
    if (replicas === 0) return call();
    const connections = driver.connection?.count();
    const called = call();
    const waited = Promise.resolve(driver.command?.("WAIT", `${replicas}`, `${REPLICAS_MS}`));
    waited.catch(() => undefined); // where both fail, the script's error says more
    const reply = await called;
    const confirmed = Number(await waited);
    if (driver.connection?.count() !== connections) throw connectionLost();
    if (confirmed < replicas) throw tooFewReplicas(replicas, confirmed);
    return reply;
  };

  return async <Reply>(
    script: string,
    jobIds: readonly string[],
    args: readonly (string | number)[],
    waitReplicas = 0,
  ): Promise<Reply> => {
    const closed = gate();
    if (closed !== undefined) await closed;
    const given = [...keys.indexes, ...jobIds.map(keys.job)];
    const sent = args.map(toArgument);
    const sha = shas.get(script) ?? (await shaOf(script));
    try {
      const reply = await send(() => driver.evalsha(sha, given, sent), waitReplicas).catch(
        (thrown) => {
          if (!isNoScript(thrown)) throw thrown;
          return send(() => driver.eval(script, given, sent), waitReplicas);
        },
      );
      if (isOfBytes(reply)) throw noText();
      return reply as Reply;
    } catch (thrown) {
      throw isAbstraktWebhookError(thrown) ? thrown : toStoreError(thrown);
    }
  };
}

/** node-redis can be told to answer with Buffers. A reply that has texts begins with one. */
function isOfBytes(reply: unknown): boolean {
  if (Array.isArray(reply)) return isOfBytes(reply[0]);
  return typeof reply === "object" && reply !== null;
}

/** The reply for a job whose part of the script failed, with the server's message. */
type Failed = readonly ["failed", message: string];

/**
 * Runs a script that replies for each job. If it fails for one job, only the answer for that job
 * rejects.
 */
export async function runForEach<Reply extends readonly unknown[] | number>(
  run: Run,
  ...[script, jobIds, args, waitReplicas]: Parameters<Run>
): Promise<(Reply | Promise<Reply>)[]> {
  const replies = await run<(Reply | Failed)[]>(script, jobIds, args, waitReplicas);
  return replies.map((reply) =>
    isFailed(reply) ? Promise.reject(toStoreError(new Error(reply[1]))) : reply,
  );
}

const isFailed = (reply: unknown): reply is Failed => Array.isArray(reply) && reply[0] === "failed";

/** Makes a text of an argument. Times are whole milliseconds, as PEXPIRE requires. */
const toArgument = (value: string | number): string =>
  typeof value === "string" ? value : `${Math.min(Math.ceil(value), FOREVER_MS)}`;

/** Makes the hash by which a server finds a script that it has run before. */
async function sha1(script: string): Promise<string> {
  const { subtle } = webCrypto();
  const digest = await subtle.digest("SHA-1", new TextEncoder().encode(script));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
