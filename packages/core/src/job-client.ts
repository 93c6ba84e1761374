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
 * Port to the provider's REST API. A receiver submits and polls by it and hands it to the `confirm`
 * step of its `auth`; it never calls the API on the way to an acknowledgement. Any object with these
 * two methods is a client.
 */
export interface JobClient {
  /** `POST /v1/models/{model}/run`. Rejects when the API refuses or cannot be reached. */
  run(
    model: string,
    request: { input: unknown; webhook_url?: string },
    o?: { signal?: AbortSignal },
  ): Promise<SubmittedJob>;
  /** `GET /v1/jobs/{id}`: the body as it came, or `undefined` on 404. Feed it to `parsePayload`. */
  getJob(jobId: string, o?: { signal?: AbortSignal }): Promise<unknown>;
}

const LONGEST_MS = 86_400_000;

/** Refusals that have nothing to do with the job: the key, its rights, slowness, too many requests. */
const NOT_THE_JOB = [401, 403, 408, 429];

/** Whether what a client has thrown says something about the job, and not only about the provider. */
export function refusesJob(thrown: unknown): boolean {
  const { status } = (thrown ?? {}) as { status?: unknown };
  const refused = typeof status === "number" && status >= 400 && status < 500;
  return refused && !NOT_THE_JOB.includes(status);
}

/** How long what a client has thrown asks to be left alone: whole milliseconds, at most a day; 0 when it does not say. */
export function retryAfterMsOf(thrown: unknown): number {
  const { retryAfterMs: asked } = (thrown ?? {}) as { retryAfterMs?: unknown };
  const says = typeof asked === "number" && asked > 0 && asked < Infinity;
  return says ? Math.ceil(Math.min(asked, LONGEST_MS)) : 0;
}
