import { createReceiver, memoryStore } from "@abstrakt-webhooks/express";
import { enqueue } from "./queue.ts";

export const receiver = createReceiver({
  // Whoever knows the URL may deliver. On the internet, hand over an `Auth` of your own instead.
  auth: "none",
  // 200 means: in the queue. Until then it is 503, and tried again from here as well.
  ack: "handled",
  // What is given up is answered 200, and is in no queue: so never give up.
  retry: { maxAttempts: Number.MAX_SAFE_INTEGER, maxDelayMs: 60_000 },
  // Enough, since what was answered 200 is kept by the queue.
  store: memoryStore(),
  onSucceeded: enqueue,
  onFailed: enqueue,
});
