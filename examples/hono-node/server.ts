import { serve } from "@hono/node-server";
import { abstraktWebhook } from "@abstrakt-webhooks/hono";
import { Hono } from "hono";
import { receiver } from "./receiver.ts";

const { PORT = "3000" } = process.env;

const app = new Hono();
app.post("/api/abstrakt-webhook", abstraktWebhook(receiver));

const server = serve({ fetch: app.fetch, port: Number(PORT) }, ({ port }) => {
  console.log(`Listening on http://localhost:${port}/api/abstrakt-webhook`);
});

// Not in the callback of `close`: a sender that keeps its connection busy would hold it up for ever.
process.once("SIGTERM", () => {
  server.close();
  void receiver.drain().then(({ lost }) => process.exit(lost > 0 ? 1 : 0));
});
