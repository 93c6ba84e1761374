import { abstraktWebhook, memoryStore } from "@abstrakt-webhooks/express";
import { inspector } from "@abstrakt-webhooks/inspector";
import { type Mounted, PAGE_PATH, type Save } from "./mounted.ts";

/** Bare node:http with the inspector's page beside the webhook. */
export function withInspector(save: Save): Mounted {
  const webhook = abstraktWebhook({
    auth: "none",
    store: memoryStore(),
    onSucceeded: (job) => save(job.job_id),
  });
  const page = inspector(webhook.receiver, { authorize: () => true });
  return {
    listener: (request, response) =>
      request.url?.startsWith(PAGE_PATH)
        ? page.node(request, response)
        : webhook(request, response),
    idle: () => webhook.receiver.idle(),
  };
}
