import type { SubmittedJob } from "@abstrakt-webhooks/core";

/**
 * Makes a `SubmittedJob` of an answer whose `job_id` is already checked. It keeps unknown keys and
 * removes a known field of the wrong type, as `parsePayload` does.
 */
export function toSubmittedJob(body: unknown): SubmittedJob {
  const job = { ...(body as Record<string, unknown>) };
  // Code that copies the job with `Object.assign` would set its prototype by this key.
  if (Object.hasOwn(job, "__proto__")) delete job["__proto__"];
  for (const name of ["request_id", "model_id", "message"]) {
    if (typeof job[name] !== "string") delete job[name];
  }
  if (typeof job["status"] !== "string") job["status"] = "processing";
  return job as unknown as SubmittedJob;
}
