import type { JobResult } from "@abstrakt-webhooks/core";
import { readAnswer } from "../answer.ts";
import { failedPayload, mediaOutput, succeededPayload } from "../payloads.ts";
import type { AbortScope } from "./abort-scope.ts";
import { monotonicClock } from "./clock.ts";
import type { DeliveryKind } from "./plan.ts";

/** One attempt to deliver and its outcome. */
export interface DeliveryRecord {
  readonly jobId: string;
  /** The URL that it was sent to. The query may contain a token. */
  readonly url: string;
  /** The body as it was sent. */
  readonly sent: string;
  readonly kind: DeliveryKind;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** The HTTP status; absent when there was no answer. */
  readonly status?: number;
  /** The answer's JSON, or its text. */
  readonly body?: unknown;
  /** Why there was no answer: `"timeout"` or `"network"`. */
  readonly error?: "timeout" | "network";
  /** From sending to the end of the answer, in milliseconds. */
  readonly durationMs: number;
}

/** How a delivery is repeated after an answer that is not 2xx, or after no answer. */
export interface ResendPolicy {
  /** The maximum number of attempts, including the first. */
  readonly maxAttempts: number;
  /** Pause before the second attempt. It doubles with each further attempt. */
  readonly minDelayMs: number;
}

/** Options of `createCourier`. Times in milliseconds. */
export interface CourierOptions {
  readonly timeoutMs: number;
  readonly resend: ResendPolicy;
  /** Aborted when the simulator closes. */
  readonly scope: AbortScope;
  fetch(request: Request): Promise<Response>;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  onDelivery(record: DeliveryRecord): Promise<void>;
}

/** Delivers one result, and repeats it as the policy says. Resolves after the last attempt. */
export type Courier = (url: string, result: JobResult, kind: DeliveryKind) => Promise<void>;

/**
 * Makes a courier, which posts webhooks. It rejects when the simulator closes, or when `sleep` or
 * `onDelivery` rejects.
 */
export function createCourier(options: CourierOptions): Courier {
  const { timeoutMs, resend, scope, sleep, onDelivery } = options;

  const attemptOnce = async (url: string, body: string): Promise<Outcome> => {
    try {
      return await scope.run(async (signal) => {
        const request = new Request(url, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body,
          redirect: "manual", // the provider is not known to follow redirects
          signal,
        });
        const { status, body: answer } = await readAnswer(await options.fetch(request));
        return { status, body: answer };
      }, timeoutMs);
    } catch (thrown) {
      if (thrown === scope.closed) throw thrown;
      return { error: thrown === scope.timedOut ? "timeout" : "network" };
    }
  };

  return async (url, result, kind) => {
    const body = toBody(result, kind);
    const maxAttempts = kind === "corrupt" ? 1 : resend.maxAttempts;
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const backoffMs = resend.minDelayMs * 2 ** (attempt - 2);
      if (attempt > 1) await scope.run(async (signal) => sleep(backoffMs, signal));
      const startedAtMs = monotonicClock();
      const outcome = await attemptOnce(url, body);
      const durationMs = monotonicClock() - startedAtMs;
      const jobId = result.job_id;
      await onDelivery({ jobId, url, sent: body, kind, attempt, durationMs, ...outcome });
      if (outcome.status !== undefined && outcome.status >= 200 && outcome.status < 300) return;
    }
  };
}

type Outcome = Pick<DeliveryRecord, "status" | "body" | "error">;

function toBody(result: JobResult, kind: DeliveryKind): string {
  const json = JSON.stringify(kind === "conflict" ? toOpposite(result) : result);
  return kind === "corrupt" ? json.slice(0, json.length / 2) : json;
}

function toOpposite(result: JobResult): JobResult {
  const { job_id } = result;
  return result.status === "succeeded"
    ? failedPayload({ job_id })
    : succeededPayload({ job_id, output: mediaOutput("image") });
}
