import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { abstraktWebhook } from "@abstrakt-webhooks/express";
import express from "express";
import { pool } from "./database.ts";
import { receiver, store } from "./receiver.ts";

const { PORT = "3000" } = process.env;

await migrate();
receiver.start(); // runs what the last process left

const app = express();
app.post("/api/abstrakt-webhook", abstraktWebhook(receiver));
const server = app.listen(Number(PORT), (error) => {
  if (error) throw error;
  const { port } = server.address() as AddressInfo;
  console.log(`Listening on http://localhost:${port}/api/abstrakt-webhook`);
});

process.once("SIGTERM", async () => {
  // The server still answers, and tells senders to use another instance. No connection is cut off.
  await Promise.all([receiver.drain(), sleep(1_000)]);
  server.close(() => void pool.end().finally(() => process.exit()));
  setTimeout(() => process.exit(), 4_000); // a connection that says nothing holds it up no longer
});

/** Every instance may call it at once. While the database is down, senders get 503. */
async function migrate(): Promise<void> {
  try {
    await store.migrate();
  } catch (error) {
    console.error((error as Error).message);
    setTimeout(() => void migrate(), 1_000);
  }
}
