import { setTimeout as sleep } from "node:timers/promises";
import { serve } from "@hono/node-server";
import { abstraktWebhook } from "@abstrakt-webhooks/hono";
import { Hono } from "hono";
import { receiver } from "./receiver.ts";

const { PORT = "3000" } = process.env;

receiver.start(); // with a durable store, it handles the results that the last process left

const app = new Hono();
app.post("/api/abstrakt-webhook", abstraktWebhook(receiver));

const server = serve({ fetch: app.fetch, port: Number(PORT) }, ({ port }) => {
  console.log(`Listening on http://localhost:${port}/api/abstrakt-webhook`);
});

process.once("SIGTERM", async () => {
  // The server still answers, with `connection: close`. So it cuts off no connection.
  const [{ lost }] = await Promise.all([receiver.drain(), sleep(1_000)]);
  process.exitCode = lost > 0 ? 1 : 0;
  server.close(() => process.exit());
  setTimeout(() => process.exit(), 4_000); // an open connection must not keep the process alive
});
