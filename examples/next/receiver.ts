import { sharedReceiver } from "@abstrakt-webhooks/next";
import { openStore } from "./store";

// Next evaluates this module once for each route and for the instrumentation, and again after a
// save in `next dev`. All of them get this one receiver.
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
    // Anybody who knows the URL may deliver. On the internet, pass `signedUrl` instead.
    auth: "none",
    store: openStore(),
    // Below the routes' `maxDuration`: `ctx.signal` is aborted before the host stops the callback,
    // and a callback that the host stopped runs again soon.
    limits: { handlerTimeoutMs: 50_000, leaseMs: 30_000 },
  }),
);
