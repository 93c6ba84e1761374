import type { JobResult } from "@abstrakt-webhooks/express";
import { Client, Connection, WorkflowExecutionAlreadyStartedError } from "@temporalio/client";

const client = new Client({ connection: Connection.lazy({ address: "localhost:7233" }) });

/** Resolves when Temporal has started a workflow for the result, now or before. */
export async function enqueue(result: JobResult): Promise<void> {
  try {
    await client.workflow.start("handleResult", {
      workflowId: `abstrakt-result-${result.job_id}`,
      workflowIdReusePolicy: "REJECT_DUPLICATE", // also when the first workflow has ended
      taskQueue: "abstrakt-results",
      args: [result],
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
