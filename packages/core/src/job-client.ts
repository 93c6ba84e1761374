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
