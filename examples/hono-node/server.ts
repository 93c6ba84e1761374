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

// Take no new connection, answer what is under way, then let the callbacks end.
process.once("SIGTERM", () => {
  server.close(async () => {
    const { lost } = await receiver.drain();
    if (lost > 0) process.exitCode = 1;
  });
});
