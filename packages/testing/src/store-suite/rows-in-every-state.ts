import type { Delivery, JobState, Settlement } from "@abstrakt-webhooks/core";
import { equal } from "../assert.ts";
import { resultA } from "./sample-deliveries.ts";
import type { TestBackend } from "./test-backend.ts";

/** Makes a row with result A in each state. The job id of each row is its state. */
export async function rowsInEveryState(
  backend: TestBackend,
  extra?: Partial<Delivery>,
): Promise<JobState[]> {
  const settleAs = async (jobId: JobState, settlement?: Settlement) => {
    const ingested = await backend.ingest(resultA(jobId, extra));
    equal(ingested.kind, "leased", `ingest of ${jobId}`);
    if (ingested.kind !== "leased" || settlement === undefined) return;
    equal(await backend.store.settle(ingested.lease, settlement), true, `settle of ${jobId}`);
  };
  await settleAs("leased");
  await settleAs("pending", { to: "retry", delayMs: backend.ms(6_000), error: "busy" });
  await settleAs("done", { to: "done" });
  await settleAs("dead", { to: "dead", error: "exhausted" });
  return ["leased", "pending", "done", "dead"];
}
