// A Worker as it is deployed: results in D1. A GET returns them.
import { abstraktWebhook, createReceiver } from "@abstrakt-webhooks/hono";
import { d1Store } from "@abstrakt-webhooks/store-cloudflare";
import { Hono } from "hono";

type Bindings = { DB: D1Database };

const handled: string[] = [];
const app = new Hono<{ Bindings: Bindings }>();
app.post(
  "/hook",
  abstraktWebhook((c) =>
    createReceiver({
      auth: "none",
      store: d1Store(c.env.DB),
      onSucceeded: (job) => void handled.push(job.job_id),
    }),
  ),
);
app.get("/handled", (c) => c.json(handled));

export default app satisfies ExportedHandler<Bindings>;
