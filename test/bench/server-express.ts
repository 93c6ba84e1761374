import {
  abstraktWebhook,
  memoryStore,
  type JobStore,
  type ReceiverOptions,
} from "@abstrakt-webhooks/express";
import express from "express";
import { PATH, type Mounted, type Save } from "./mounted.ts";

/** The handler of the provider's documentation, without its console output. */
export function baseline(save: Save): Mounted {
  const app = express();
  app.post(PATH, express.json(), (req, res) => {
    const { job_id, status, output } = req.body;
    if (status === "succeeded") {
      const imageUrl = output?.items?.[0]?.url;
      if (imageUrl) save(job_id);
    }
    res.status(200).json({ received: true });
  });
  return { listener: app };
}

export const ours = (save: Save): Mounted => mount(memoryStore(), save);

/** The adapter over a store. */
export function mount(
  store: JobStore,
  save: Save,
  options: Partial<ReceiverOptions> = {},
): Mounted {
  const app = express();
  const webhook = abstraktWebhook({
    auth: "none",
    store,
    onSucceeded: (job) => save(job.job_id),
    // What it would warn of on the console is known here.
    ...(store.traits.durable && { onEvent: () => undefined }),
    ...options,
  });
  app.post(PATH, webhook);
  return { listener: app, receiver: webhook.receiver };
}
