import { createReceiver, memoryStore } from "@abstrakt-webhooks/core";
import { inspector } from "@abstrakt-webhooks/inspector";

export const receiver = createReceiver({
  // Anybody who knows the URL may deliver. On the internet, pass `signedUrl` instead.
  auth: "none",
  store: memoryStore(),
  onSucceeded: async (job) => {
    console.log(`${job.job_id} succeeded: ${job.output.items[0]?.url ?? "no file"}`);
  },
  onFailed: async (job) => {
    console.log(`${job.job_id} failed: ${job.error.message}`);
  },
});

/** One page for all three frameworks, in the process that has the callbacks. */
export const page = inspector(receiver, {
  // Anybody may open the page while you develop. In production, check your own session here.
  authorize: () => process.env["NODE_ENV"] !== "production",
  replay: true,
});
