import { requireDuration } from "../checks.ts";
import { lastingTimer } from "../clock.ts";
import { AbstraktWebhookError, isAbstraktWebhookError } from "../errors.ts";
import type { JobResult } from "../job-result.ts";
import { storedResult } from "../payload/parse-payload.ts";
import { drainingError, type Parts } from "./parts.ts";
import type { Settings } from "./settings.ts";

const FIRST_READ_MS = 250;
const MAX_READ_MS = 4_000;

/**
 * Waits for the result of a job. A delivery or a poll in this process notifies the waiter. The
 * waiter also reads the store, because another process may receive the result.
 */
export async function awaitResult(
  parts: Parts,
  jobId: string,
  {
    timeoutMs = Infinity,
    signal,
  }: { timeoutMs?: number | undefined; signal?: AbortSignal | undefined } = {},
): Promise<JobResult> {
  requireDuration("timeoutMs", timeoutMs);
  signal?.throwIfAborted();
  let end = (): void => undefined;
  const ended = new Promise<JobResult>((resolve, reject) => {
    let readInMs = FIRST_READ_MS;
    let failure: unknown;
    let isOver = false;
    let cancelRead = (): void => undefined;

    const read = async (): Promise<void> => {
      try {
        const result = await readResult(parts.settings, jobId);
        if (result !== undefined) return resolve(result);
      } catch (thrown) {
        if (isAbstraktWebhookError(thrown) && thrown.code === "no_result") return reject(thrown);
        // The store is down. The next read may succeed.
        failure = thrown;
      }
      if (parts.isDraining()) return reject(drainingError());
      cancelRead();
      if (isOver) return;
      cancelRead = lastingTimer(readInMs, () => void read());
      readInMs = Math.min(2 * readInMs, MAX_READ_MS);
    };
    const removeWaiter = parts.waiters.add(jobId, (payload) => {
      const result = payload === undefined ? undefined : storedResult(payload);
      if (result === undefined) void read();
      else resolve(result);
    });
    const onAbort = (): void => reject(signal?.reason as Error);
    signal?.addEventListener("abort", onAbort);
    const cancelTimeout =
      timeoutMs === Infinity
        ? undefined
        : lastingTimer(timeoutMs, () => reject(timedOut(jobId, timeoutMs, failure)));
    end = () => {
      isOver = true;
      cancelRead();
      cancelTimeout?.();
      removeWaiter();
      signal?.removeEventListener("abort", onAbort);
    };
    void read();
  });
  try {
    return await ended;
  } finally {
    end();
  }
}

/** Reads the result from the store. `undefined` when there is none yet. */
async function readResult(settings: Settings, jobId: string): Promise<JobResult | undefined> {
  const { store, callStore } = settings;
  const row = await callStore(() => store.get(jobId));
  if (row === undefined) return undefined;
  const isDone = row.state === "done";
  const result = row.payload === undefined ? undefined : storedResult(row.payload);
  if (result !== undefined && (isDone || settings.auth.confirm === undefined)) return result;
  if (isDone) throw noResult(`Job ${jobId} is done, but its payload was not kept (keepPayload).`);
  if (row.state !== "dead") return undefined;
  throw noResult(`Job ${jobId} is a dead letter (${row.error}). Look at it, and redrive it.`);
}

const noResult = (message: string): AbstraktWebhookError =>
  new AbstraktWebhookError("no_result", message);

const timedOut = (jobId: string, timeoutMs: number, cause: unknown): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "result_timeout",
    `Job ${jobId} had no result within ${timeoutMs} ms (timeoutMs). It may still come: ask again.`,
    { cause },
  );
