import { createClient, type ClientOptions } from "@abstrakt-webhooks/client";
import {
  createReceiver,
  memoryStore,
  refetch,
  signedUrl,
  type Receiver,
} from "@abstrakt-webhooks/express";

/** Without `webhook`, the receiver refuses every request, and all results come by poll. */
export function createAppReceiver(
  options: ClientOptions,
  webhook?: { url: string; secret: string },
): Receiver {
  return createReceiver({
    client: createClient(options),
    // The receiver accepts only URLs that it signed with this secret. The API confirms each result.
    auth: webhook
      ? [signedUrl({ secrets: [webhook.secret], url: webhook.url }), refetch()]
      : { admit: () => false },
    // When this process ends, the store forgets the submitted jobs.
    store: memoryStore(),
    poll: { afterMs: 4_000, everyMs: 4_000 },
    onSucceeded: async (job, ctx) => {
      console.log(`${job.job_id} succeeded, known by ${ctx.source}, for "${ctx.ref}"`);
    },
    onFailed: async (job, ctx) => {
      console.log(`${job.job_id} failed, known by ${ctx.source}: ${job.error.message}`);
    },
  });
}
