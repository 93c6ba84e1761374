import type { JobResult } from "@abstrakt-webhooks/express";
import { boss, openQueue, QUEUE } from "./queue.ts";

await openQueue();
// pg-boss calls this function again if it throws, and after a crash. So write by `job_id`.
await boss.work<JobResult>(QUEUE, { pollingIntervalSeconds: 0.5 }, async ([job]) => {
  if (job?.data.status === "succeeded") {
    console.log(`${job.data.job_id} succeeded: ${job.data.output.items[0]?.url ?? "no file"}`);
  } else if (job?.data.status === "failed") {
    console.log(`${job.data.job_id} failed: ${job.data.error.message}`);
  }
});

process.once("SIGTERM", async () => {
  await boss.stop();
  process.exit();
});
