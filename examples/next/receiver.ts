import { sharedReceiver } from "@abstrakt-webhooks/next";
import { openStore } from "./store";

// Next evaluates this module once for each route and for the instrumentation, and again after a save
// in `next dev`. All of them get this one receiver.
export const receiver = sharedReceiver(
  "results",
  {
    onSucceeded: async (job) => {
      console.log(`${job.job_id} succeeded: ${job.output.items[0]?.url ?? "no file"}`);
    },
    onFailed: async (job) => {
      console.log(`${job.job_id} failed: ${job.error.message}`);
    },
  },
  () => ({
    // Whoever knows the URL may deliver. On the internet, hand over an `Auth` of your own instead.
    auth: "none",
    store: openStore(),
    // Below the routes' `maxDuration`: a callback is told to end before the host cuts it off, and one
    // that was cut off is soon run again.
    limits: { handlerTimeoutMs: 50_000, leaseMs: 30_000 },
  }),
);
