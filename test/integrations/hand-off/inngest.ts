import type { JobResult } from "@abstrakt-webhooks/express";
import { Inngest } from "inngest";

const inngest = new Inngest({ id: "my-app" });

/** Resolves when Inngest has the event. */
export async function enqueue(result: JobResult): Promise<void> {
  // The id counts for all events, so it says what it is the id of.
  const id = `abstrakt-result-${result.job_id}`;
  await inngest.send({ name: "abstrakt/result", id, data: result });
}
