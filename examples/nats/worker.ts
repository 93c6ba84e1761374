import type { JobResult } from "@abstrakt-webhooks/express";
import { AckPolicy, jetstream, jetstreamManager } from "@nats-io/jetstream";
import { nats, openQueue, STREAM } from "./queue.ts";

const WORKERS = "workers"; // all workers share this consumer, and each message goes to one of them

await openQueue();
const { consumers } = await jetstreamManager(nats);
await consumers.add(STREAM, { durable_name: WORKERS, ack_policy: AckPolicy.Explicit });
const consumer = await jetstream(nats).consumers.get(STREAM, WORKERS);
const messages = await consumer.consume({ max_messages: 10 });

process.once("SIGTERM", async () => {
  await messages.close();
  await nats.drain();
  process.exit();
});

// NATS delivers a message again until it is acknowledged, also after a crash: write by `job_id`.
for await (const message of messages) {
  try {
    work(message.json<JobResult>());
    await message.ackAck();
  } catch (error) {
    console.error(error);
    message.nak(5_000);
  }
}

function work(result: JobResult): void {
  if (result.status === "succeeded") {
    console.log(`${result.job_id} succeeded: ${result.output.items[0]?.url ?? "no file"}`);
  } else {
    console.log(`${result.job_id} failed: ${result.error.message}`);
  }
}
