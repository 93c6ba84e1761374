import { createReceiver, memoryStore } from "@abstrakt-webhooks/express";
import { enqueue } from "./queue.ts";

export const receiver = createReceiver({
  // Whoever knows the URL may deliver. On the internet, use `signedUrl` instead.
  auth: "none",
  // The answer 200 means that the result is in the queue. Until then the answer is 503.
  ack: "handled",
  // A dead job would be answered 200, and be in no queue. So the receiver never gives up.
  retry: { maxAttempts: Number.MAX_SAFE_INTEGER, maxDelayMs: 60_000 },
  // It is enough, because the queue keeps what was answered 200.
  store: memoryStore(),
  onSucceeded: enqueue,
  onFailed: enqueue,
});
