import { serve } from "@hono/node-server";
import { abstraktWebhook } from "@abstrakt-webhooks/hono";
import { Hono } from "hono";
import { page, receiver } from "./page.ts";

const { PORT = "3000" } = process.env;

const app = new Hono();
app.post("/api/abstrakt-webhook", abstraktWebhook(receiver));
app.all("/webhooks/*", (c) => page.fetch(c.req.raw));

const server = serve({ fetch: app.fetch, port: Number(PORT) }, ({ port }) => {
  console.log(`Listening on http://localhost:${port}/api/abstrakt-webhook`);
  console.log(`The page is at http://localhost:${port}/webhooks`);
});

process.once("SIGTERM", async () => {
  await receiver.drain(); // also ends the page's event streams
  server.close();
});
