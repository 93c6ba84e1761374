/** The provider's answer to a submission (HTTP 202). Unknown keys are kept. */
export interface SubmittedJob {
  readonly job_id: string;
  readonly request_id?: string;
  readonly status: string;
  readonly model_id?: string;
  readonly message?: string;
  readonly [key: string]: unknown;
}

/**
 * A client of the provider's REST API. A receiver uses it to submit, to poll and to confirm a
 * result. It never calls the API before it acknowledges a delivery. Any object with these two
 * methods is a client.
 */
export interface JobClient {
  /** `POST /v1/models/{model}/run`. Rejects when the API refuses or cannot be reached. */
  run(
    model: string,
    request: { input: unknown; webhook_url?: string | undefined },
    o?: { signal?: AbortSignal | undefined },
  ): Promise<SubmittedJob>;
  /** `GET /v1/jobs/{id}`: the parsed body, or `undefined` on 404. Pass it to `parsePayload`. */
  getJob(jobId: string, o?: { signal?: AbortSignal | undefined }): Promise<unknown>;
}

const MAX_RETRY_AFTER_MS = 86_400_000;

/** Statuses that say nothing about the job: key, permission, timeout and rate limit. */
const NOT_THE_JOB = [401, 403, 408, 429];

/** Whether an error of a client is about this job, and not about the provider in general. */
export function refusesJob(thrown: unknown): boolean {
  const { status } = (thrown ?? {}) as { status?: unknown };
  const refused = typeof status === "number" && status >= 400 && status < 500;
  return refused && !NOT_THE_JOB.includes(status);
}

/**
 * How long an error of a client asks to wait, in whole milliseconds, at most a day; 0 by default.
 */
export function retryAfterMsOf(thrown: unknown): number {
  const { retryAfterMs: asked } = (thrown ?? {}) as { retryAfterMs?: unknown };
  const isUsable = typeof asked === "number" && asked > 0 && asked < Infinity;
  return isUsable ? Math.ceil(Math.min(asked, MAX_RETRY_AFTER_MS)) : 0;
}
