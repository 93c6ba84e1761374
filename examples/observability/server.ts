import type { AddressInfo } from "node:net";
import { memoryStore } from "@abstrakt-webhooks/express";
import { pino } from "pino";
import { alertOnDead } from "./alert.ts";
import { logWithPino } from "./pino.ts";
import { createApp } from "./prometheus.ts";

const { PORT = "3000", CHAT_URL } = process.env;

const { app, receiver } = createApp({
  auth: "none", // on the internet, pass `signedUrl`
  store: memoryStore(), // in production, pass a durable store
  onSucceeded: (job) =>
    console.log(`${job.job_id} succeeded: ${job.output.items[0]?.url ?? "no file"}`),
  onFailed: (job) => console.log(`${job.job_id} failed: ${job.error.message}`),
  onEvent: logWithPino(pino({ name: "webhooks" })),
  onDead: CHAT_URL ? alertOnDead(CHAT_URL) : () => undefined,
});

receiver.start();
const server = app.listen(Number(PORT), () => {
  const { port } = server.address() as AddressInfo;
  console.log(`Listening on http://localhost:${port}/api/abstrakt-webhook`);
});

process.once("SIGTERM", async () => {
  const { lost } = await receiver.drain(); // while the server still answers
  process.exitCode = lost > 0 ? 1 : 0;
  server.close();
});
