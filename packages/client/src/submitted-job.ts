import type { SubmittedJob } from "@abstrakt-webhooks/core";

/**
 * The answer to a submission, of which `parsePayload` has found that it names a job. About the rest
 * it is as tolerant as that: unknown keys are kept, and a known field of the wrong type is removed.
 */
export function toSubmittedJob(body: unknown): SubmittedJob {
  const job = { ...(body as Record<string, unknown>) };
  // An own key of that name is data here, and a trap for whoever assigns the job on.
  if (Object.hasOwn(job, "__proto__")) delete job["__proto__"];
  for (const name of ["request_id", "model_id", "message"]) {
    if (typeof job[name] !== "string") delete job[name];
  }
  if (typeof job["status"] !== "string") job["status"] = "processing";
  return job as unknown as SubmittedJob;
}
