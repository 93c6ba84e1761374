import type { JobResult } from "@abstrakt-webhooks/core";
import { failedPayload, mediaOutput, succeededPayload } from "../payloads.ts";
import { mediaFiles } from "./media/media-file.ts";
import type { SimulatedModel } from "./models.ts";
import type { JobPlan } from "./plan.ts";

/** One job of the simulator. */
export interface SimulatedJob {
  readonly jobId: string;
  readonly modelId: string;
  readonly webhookUrl?: string;
  /** The plan that was made when it was submitted. */
  readonly plan: JobPlan;
  /** The result that the webhook sends. Absent while the job runs. */
  readonly result?: JobResult;
}

/** The result of a job, with the URLs of its output under `origin`. */
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
