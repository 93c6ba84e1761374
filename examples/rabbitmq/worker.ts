import { setTimeout as sleep } from "node:timers/promises";
import { createReceiver } from "@abstrakt-webhooks/express";
import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";
import type { ConfirmChannel, ConsumeMessage } from "amqplib";
import Database from "libsql";
import { connectToQueue, QUEUE } from "./connect.ts";

const { DATABASE = "jobs.db" } = process.env;

// RabbitMQ may deliver a message twice. This receiver recognises the result by its `job_id`.
const receiver = createReceiver({
  auth: "none", // this receiver has no endpoint
  store: sqliteStore(new Database(DATABASE)),
  onSucceeded: ({ job_id: jobId, output }) =>
    console.log(`${jobId} succeeded: ${output.items[0]?.url ?? "no file"}`),
  onFailed: ({ job_id: jobId, error }) => console.log(`${jobId} failed: ${error.message}`),
});
receiver.start();

const connection = await connectToQueue(async (channel) => {
  await channel.prefetch(20);
  await channel.consume(QUEUE, (message) => {
    // Without an acknowledgement, RabbitMQ delivers the message again, for example on a new channel.
    if (message !== null) void take(channel, message).catch(console.error);
  });
});

/** Acknowledges a message when its result is in the store. The receiver then runs the callback. */
async function take(channel: ConfirmChannel, message: ConsumeMessage): Promise<void> {
  try {
    await receiver.ingest(JSON.parse(message.content.toString()));
    channel.ack(message);
  } catch (error) {
    console.error(error);
    await sleep(1_000);
    channel.nack(message);
  }
}

process.once("SIGTERM", async () => {
  await connection.close();
  await receiver.drain();
  process.exit();
});
