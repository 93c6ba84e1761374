import { createReceiver, memoryStore } from "@abstrakt-webhooks/express";
import { enqueue } from "./queue.ts";

export const receiver = createReceiver({
  // Anybody who knows the URL may deliver. On the internet, pass `signedUrl` instead.
  auth: "none",
  // The answer 200 means that the result is in the queue. Until then the answer is 503.
  ack: "handled",
  // A dead job would be answered 200, but it would be in no queue. So no job becomes dead.
  retry: { maxAttempts: Number.MAX_SAFE_INTEGER, maxDelayMs: 60_000 },
  // A memory store is enough, because the queue keeps each result that was answered 200.
  store: memoryStore(),
  onSucceeded: enqueue,
  onFailed: enqueue,
});
