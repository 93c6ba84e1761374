import type { AddressInfo } from "node:net";
import { abstraktWebhook } from "@abstrakt-webhooks/express";
import express from "express";
import { page, receiver } from "./page.ts";

const { PORT = "3000" } = process.env;

const app = express();
app.post("/api/abstrakt-webhook", abstraktWebhook(receiver));
app.use("/webhooks", page.node);

const server = app.listen(Number(PORT), () => {
  const { port } = server.address() as AddressInfo;
  console.log(`Listening on http://localhost:${port}/api/abstrakt-webhook`);
  console.log(`The page is at http://localhost:${port}/webhooks`);
});

process.once("SIGTERM", async () => {
  await receiver.drain(); // also ends the page's event streams
  server.close();
});
