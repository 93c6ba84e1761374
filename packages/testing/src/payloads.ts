import type { JobFailed, JobOutput, JobSucceeded } from "@abstrakt-webhooks/core";
import { webCrypto } from "@abstrakt-webhooks/core/adapter";

/** The kinds of output that the provider documents. */
export type MediaType = "image" | "video" | "audio";

/** A payload that contains no result. */
export interface StatusPayload {
  readonly job_id: string;
  readonly status: string;
  readonly [key: string]: unknown;
}

const OUTPUT_URLS: Readonly<Record<MediaType, string>> = {
  image: "https://cdn.abstrakt.one/outputs/abc123.png",
  video: "https://cdn.abstrakt.one/outputs/abc123.mp4",
  audio: "https://cdn.abstrakt.one/outputs/abc123.wav",
};

/** A job id that no earlier test, run or process has used. */
export const uniqueJobId = (): string => `job_${webCrypto().randomUUID().replaceAll("-", "")}`;

/** An output with one item of the given type. A different `url` makes a different result. */
export function mediaOutput(type: MediaType, url: string = OUTPUT_URLS[type]): JobOutput {
  return { type, items: [{ type, url }] };
}

/**
 * The body that the provider posts for a succeeded job, by default with one image. Every call
 * returns a new `job_id`. All other fields are the same in every call.
 *
 * @example
 * ```ts
 * succeededPayload();
 * succeededPayload({ job_id: "job_1", output: mediaOutput("video") });
 * ```
 */
export function succeededPayload(overrides: Partial<JobSucceeded> = {}): JobSucceeded {
  return {
    job_id: uniqueJobId(),
    status: "succeeded",
    output: mediaOutput("image"),
    credits_used: 1,
    completed_at: "2026-02-08T10:30:45Z",
    ...overrides,
  };
}

/** The body that the provider posts for a failed job. Every call returns a new `job_id`. */
export function failedPayload(overrides: Partial<JobFailed> = {}): JobFailed {
  return {
    job_id: uniqueJobId(),
    status: "failed",
    error: {
      code: "PROVIDER_FAILURE",
      message: "Model execution failed: invalid input image",
    },
    ...overrides,
  };
}

/** The body of a job that still runs. `parsePayload` returns `pending` for it. */
export function pendingPayload(overrides: Partial<StatusPayload> = {}): StatusPayload {
  return { job_id: uniqueJobId(), status: "processing", ...overrides };
}

/** A body with a `job_id` and an unknown status. `parsePayload` returns `unrecognized` for it. */
export function unrecognizedPayload(overrides: Partial<StatusPayload> = {}): StatusPayload {
  return { job_id: uniqueJobId(), status: "superseded", ...overrides };
}
