import { createReceiver, memoryStore, type Receiver } from "@abstrakt-webhooks/next";

const makeReceiver = (): Receiver =>
  createReceiver({
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

// Next bundles the route and the instrumentation apart from one another; both mean this receiver.
const shared = globalThis as { abstraktReceiver?: Receiver };
export const receiver = (shared.abstraktReceiver ??= makeReceiver());
