import { abstraktWebhook, memoryStore, sharedReceiver } from "@abstrakt-webhooks/next";

export const runtime = "edge";

// This is on the global object, like the receiver, because Next may evaluate this module again.
const handled = (globalThis.handledOnEdge ??= []);

const receiver = sharedReceiver(
  "edge",
  { onSucceeded: ({ job_id: jobId }) => void handled.push(jobId) },
  () => ({ auth: "none", store: memoryStore() }),
);

export const POST = abstraktWebhook(receiver);

export const GET = () => Response.json(handled);
