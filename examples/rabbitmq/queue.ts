import { createHash } from "node:crypto";
import type { JobResult } from "@abstrakt-webhooks/express";
import type { ConfirmChannel } from "amqplib";
import { connectToQueue, declareQueue, QUEUE } from "./connect.ts";

let channel: ConfirmChannel | undefined;
const returned = new Set<string>();

export const openQueue = () =>
  connectToQueue(async (opened) => {
    // RabbitMQ returns a message that no queue takes, and then confirms it.
    opened.on("return", ({ properties }) => returned.add(String(properties.messageId)));
    channel = opened;
  });

/** Resolves when the queue has the result. A result that is added twice is there twice. */
export async function enqueue(result: JobResult): Promise<void> {
  if (channel === undefined) throw new Error("Expected an open queue, got none. Call openQueue().");
  const messageId = toMessageId(result.job_id);
  await publish(channel, messageId, Buffer.from(JSON.stringify(result)));
  if (!returned.delete(messageId)) return;
  await declareQueue(channel);
  throw new Error(
    `Expected a queue ${QUEUE}, got the message back. The next attempt finds a new one.`,
  );
}

/** Resolves when RabbitMQ confirms the message. Rejects if it refuses or the connection breaks. */
const publish = (to: ConfirmChannel, messageId: string, content: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    const options = { messageId, persistent: true, mandatory: true };
    to.sendToQueue(QUEUE, content, options, (error?: Error | null) =>
      error ? reject(error) : resolve(),
    );
  });

/** A message's id has at most 255 bytes. A `job_id` may have more. */
const toMessageId = (jobId: string): string => createHash("sha256").update(jobId).digest("hex");
