import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { abstraktWebhook } from "@abstrakt-webhooks/express";
import express from "express";
import { runMigrations } from "graphile-worker";
import { pool } from "./database.ts";
import { receiver, store } from "./receiver.ts";

const { PORT = "3000" } = process.env;

// All instances may migrate at the same time.
await store.migrate();
await runMigrations({ pgPool: pool });
receiver.start(); // handles results that the last process left

const app = express();
app.post("/api/abstrakt-webhook", abstraktWebhook(receiver));
const server = app.listen(Number(PORT), (error) => {
  if (error) throw error;
  const { port } = server.address() as AddressInfo;
  console.log(`Listening on http://localhost:${port}/api/abstrakt-webhook`);
});

process.once("SIGTERM", async () => {
  // The server still answers, with `connection: close`. So it cuts off no connection.
  await Promise.all([receiver.drain(), sleep(1_000)]);
  server.close(() => void pool.end().finally(() => process.exit()));
  setTimeout(() => process.exit(), 4_000); // an open connection must not keep the process alive
});
