import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { abstraktWebhook } from "@abstrakt-webhooks/express";
import express from "express";
import { runMigrations } from "graphile-worker";
import { pool } from "./database.ts";
import { receiver, store } from "./receiver.ts";

const { PORT = "3000" } = process.env;

// Every instance may migrate, all at once.
await store.migrate();
await runMigrations({ pgPool: pool });
receiver.start(); // runs what the last process left

const app = express();
app.post("/api/abstrakt-webhook", abstraktWebhook(receiver));
const server = app.listen(Number(PORT), (error) => {
  if (error) throw error;
  const { port } = server.address() as AddressInfo;
  console.log(`Listening on http://localhost:${port}/api/abstrakt-webhook`);
});

process.once("SIGTERM", async () => {
  // It listens on for a second and answers 503, so that senders go to another instance.
  await Promise.all([receiver.drain(), sleep(1_000)]);
  server.close(() => void pool.end().finally(() => process.exit()));
  setTimeout(() => process.exit(), 4_000); // an idle connection does not hold it up any longer
});
