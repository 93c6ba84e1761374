import { abstraktWebhook, memoryStore } from "@abstrakt-webhooks/hono";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { PATH, type Mounted, type Save } from "./mounted.ts";

/** The least a Hono handler can do with a JSON body. */
export function baseline(save: Save): Mounted {
  const app = new Hono();
  app.post(PATH, async (c) => {
    const job = await c.req.json<{ job_id: string }>();
    save(job.job_id);
    return c.json({ received: true });
  });
  return { listener: getRequestListener(app.fetch) };
}

export function ours(save: Save): Mounted {
  const app = new Hono();
  const webhook = abstraktWebhook({
    auth: "none",
    store: memoryStore(),
    onSucceeded: (job) => save(job.job_id),
  });
  app.post(PATH, webhook);
  return { listener: getRequestListener(app.fetch), receiver: webhook.receiver };
}
