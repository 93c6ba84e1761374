import { createReceiver, type Receiver } from "@abstrakt-webhooks/next";
import { openStore } from "./store";

const makeReceiver = (): Receiver =>
  createReceiver({
    // Whoever knows the URL may deliver. On the internet, hand over an `Auth` of your own instead.
    auth: "none",
    store: openStore(),
    // Below the routes' `maxDuration`: a callback is told to end before the host cuts it off, and one
    // that was cut off is soon run again.
    limits: { handlerTimeoutMs: 50_000, leaseMs: 30_000 },
    onSucceeded: async (job) => {
      console.log(`${job.job_id} succeeded: ${job.output.items[0]?.url ?? "no file"}`);
    },
    onFailed: async (job) => {
      console.log(`${job.job_id} failed: ${job.error.message}`);
    },
  });

// Next bundles the route and the instrumentation apart from one another; both mean this receiver.
const shared = globalThis as { abstraktReceiver?: Receiver };
export const receiver = (shared.abstraktReceiver ??= makeReceiver());
