import type { JobResult } from "@abstrakt-webhooks/express";
import { idempotencyKeys, tasks } from "@trigger.dev/sdk";

/** Resolves when Trigger.dev has the run. */
export async function enqueue(result: JobResult): Promise<void> {
  const idempotencyKey = await idempotencyKeys.create(result.job_id, { scope: "global" });
  await tasks.trigger("handle-result", result, { idempotencyKey });
}
