import { createReceiver, memoryStore, type Receiver } from "@abstrakt-webhooks/express";
import type { FactoryProvider } from "@nestjs/common";

export const RECEIVER = Symbol("receiver");

/** If a callback calls a service of yours, name it in `inject`. Nest passes it to `useFactory`. */
export const receiverProvider: FactoryProvider<Receiver> = {
  provide: RECEIVER,
  inject: [],
  useFactory: () =>
    createReceiver({
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
    }),
};
