import { createReceiver, memoryStore } from "@abstrakt-webhooks/core";

export const receiver = createReceiver({
  // Anybody who knows the URL may deliver. On the internet, pass `signedUrl` instead.
  auth: "none",
  // For one long-lived process. Accepted results are lost when it ends.
  store: memoryStore(),
  onSucceeded: async (job) => {
    console.log(`${job.job_id} succeeded: ${job.output.items[0]?.url ?? "no file"}`);
  },
  onFailed: async (job) => {
    console.log(`${job.job_id} failed: ${job.error.message}`);
  },
});
