import type { JobResult } from "@abstrakt-webhooks/express";
import { Worker } from "bullmq";

const { REDIS_URL: url = "redis://localhost:6379", QUEUE: name = "abstrakt-results" } = process.env;

// BullMQ calls this function again if it throws, and after a crash. So write by `job_id`.
const worker = new Worker<JobResult>(
  name,
  async ({ data }) => {
    if (data.status === "succeeded") {
      console.log(`${data.job_id} succeeded: ${data.output.items[0]?.url ?? "no file"}`);
    } else {
      console.log(`${data.job_id} failed: ${data.error.message}`);
    }
  },
  { connection: { url, maxRetriesPerRequest: null } },
);
worker.on("error", ({ message }) => console.error(`Redis: ${message}`));

process.once("SIGTERM", async () => {
  await worker.close();
  process.exit();
});
