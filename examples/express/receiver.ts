import { createReceiver, memoryStore } from "@abstrakt-webhooks/express";

export const receiver = createReceiver({
  // Whoever knows the URL may deliver. On the internet, hand over an `Auth` of your own instead.
  auth: "none",
  // On purpose: what was accepted lives as long as this process, so it drains before it ends.
  store: memoryStore(),
  onSucceeded: async (job) => {
    console.log(`${job.job_id} succeeded: ${job.output.items[0]?.url ?? "no file"}`);
  },
  onFailed: async (job) => {
    console.log(`${job.job_id} failed: ${job.error.message}`);
  },
});
