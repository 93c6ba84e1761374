import type { JobResult } from "@abstrakt-webhooks/core";
import { failedPayload, mediaOutput, succeededPayload } from "../payloads.ts";
import { mediaFiles } from "./media/media-file.ts";
import type { SimulatedModel } from "./models.ts";
import type { JobPlan } from "./plan.ts";

/** A job as the simulator keeps it. */
export interface SimulatedJob {
  readonly jobId: string;
  readonly modelId: string;
  readonly webhookUrl?: string;
  /** What was decided for it when it was submitted. */
  readonly plan: JobPlan;
  /** The final word, in the webhook's words; absent while the job runs. */
  readonly result?: JobResult;
}

/** The result that a job comes to, its output lying under `origin`. */
export function toResult(
  plan: JobPlan,
  model: SimulatedModel,
  origin: string,
  completedAtMs: number,
): JobResult {
  const { jobId } = plan;
  if (plan.status === "failed") return failedPayload({ job_id: jobId });
  const url = `${origin}/outputs/${jobId}.${mediaFiles[model.media].extension}`;
  return succeededPayload({
    job_id: jobId,
    output: mediaOutput(model.media, url),
    credits_used: model.credits,
    completed_at: new Date(completedAtMs).toISOString(),
  });
}
