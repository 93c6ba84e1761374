import { createHash } from "node:crypto";
import type { JobResult } from "@abstrakt-webhooks/express";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

const client = new SQSClient({});
const { RESULTS_QUEUE_URL: QueueUrl } = process.env; // of a FIFO queue

/** Resolves when SQS has the message. */
export async function enqueue(result: JobResult): Promise<void> {
  // An id has at most 128 characters, and not every one. A `job_id` may have more.
  const id = createHash("sha256").update(result.job_id).digest("hex");
  await client.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: JSON.stringify(result),
      MessageDeduplicationId: id,
      MessageGroupId: id, // a group of its own: results need no order
    }),
  );
}
