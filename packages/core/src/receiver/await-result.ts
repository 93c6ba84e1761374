import { requireDuration } from "../checks.ts";
import { lastingTimer } from "../clock.ts";
import { AbstraktWebhookError, isAbstraktWebhookError } from "../errors.ts";
import type { JobResult } from "../job-result.ts";
import { storedResult } from "../payload/parse-payload.ts";
import { drainingError, type Parts } from "./parts.ts";
import type { Settings } from "./settings.ts";

const FIRST_LOOK_MS = 250;
const MAX_LOOK_MS = 4_000;

/**
 * Waits for the result of a job. A delivery or a poll in this process notifies; the store is looked
 * into as well, since another process may get the result.
 */
export async function awaitResult(
  parts: Parts,
  jobId: string,
  { timeoutMs = Infinity, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<JobResult> {
  requireDuration("timeoutMs", timeoutMs);
  signal?.throwIfAborted();
  let end = (): void => undefined;
  const ended = new Promise<JobResult>((resolve, reject) => {
    let lookInMs = FIRST_LOOK_MS;
    let failure: unknown;
    let over = false;
    let cancelLook = (): void => undefined;

    const look = async (): Promise<void> => {
      try {
        const result = await lookFor(parts.settings, jobId);
        if (result !== undefined) return resolve(result);
        if (parts.isDraining()) return reject(drainingError());
      } catch (thrown) {
        if (isAbstraktWebhookError(thrown) && thrown.code === "no_result") return reject(thrown);
        // The store is down: the next look may succeed.
        failure = thrown;
      }
      cancelLook();
      if (over) return;
      cancelLook = lastingTimer(lookInMs, () => void look());
      lookInMs = Math.min(2 * lookInMs, MAX_LOOK_MS);
    };
    const leave = parts.waiters.add(jobId, (payload) => {
      const result = payload === undefined ? undefined : storedResult(payload);
      if (result === undefined) void look();
      else resolve(result);
    });
    const onAbort = (): void => reject(signal?.reason as Error);
    signal?.addEventListener("abort", onAbort);
    const cancelTimeout =
      timeoutMs === Infinity
        ? undefined
        : lastingTimer(timeoutMs, () => reject(timedOut(jobId, timeoutMs, failure)));
    end = () => {
      over = true;
      cancelLook();
      cancelTimeout?.();
      leave();
      signal?.removeEventListener("abort", onAbort);
    };
    void look();
  });
  try {
    return await ended;
  } finally {
    end();
  }
}

/** The result, or `undefined` where there is none yet. */
async function lookFor(settings: Settings, jobId: string): Promise<JobResult | undefined> {
  const { store, callStore } = settings;
  const row = await callStore(() => store.get(jobId));
  if (row === undefined || row.state === "expected") return undefined;
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
