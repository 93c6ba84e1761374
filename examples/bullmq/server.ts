import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { abstraktWebhook } from "@abstrakt-webhooks/express";
import express from "express";
import { queue } from "./queue.ts";
import { receiver } from "./receiver.ts";

const { PORT = "3000" } = process.env;

const app = express();
app.post("/api/abstrakt-webhook", abstraktWebhook(receiver));
const server = app.listen(Number(PORT), (error) => {
  if (error) throw error;
  const { port } = server.address() as AddressInfo;
  console.log(`Listening on http://localhost:${port}/api/abstrakt-webhook`);
});

process.once("SIGTERM", async () => {
  // The server still answers, with 503 and `connection: close`. So it cuts off no connection.
  await Promise.all([receiver.drain(), sleep(1_000)]);
  server.close(() => void queue.close().finally(() => process.exit()));
  setTimeout(() => process.exit(), 4_000); // an open connection must not keep the process alive
});
