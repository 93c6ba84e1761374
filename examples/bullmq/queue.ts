import type { JobResult } from "@abstrakt-webhooks/express";
import { Queue } from "bullmq";

const { REDIS_URL: url = "redis://localhost:6379", QUEUE: name = "abstrakt-results" } = process.env;
const EIGHT_DAYS_S = 8 * 86_400;

export const queue = new Queue<JobResult>(name, {
  // Refuse at once while Redis is away: the sender is told 503 instead of being kept waiting.
  connection: { url, enableOfflineQueue: false, maxRetriesPerRequest: 1 },
  defaultJobOptions: {
    attempts: 10,
    backoff: { type: "exponential", delay: 2_000 },
    // A result that is delivered again is known as long as its job is kept.
    removeOnComplete: { age: EIGHT_DAYS_S },
    removeOnFail: false,
  },
});
queue.on("error", ({ message }) => console.error(`Redis: ${message}`));

/** Resolves when the result is in the queue, where it is once however often it is put there. */
export async function enqueue(result: JobResult): Promise<void> {
  await queue.add(result.status, result, { jobId: toQueueId(result.job_id) });
}

/** BullMQ takes no id with a colon and none of digits alone. */
const toQueueId = (jobId: string): string => `result-${encodeURIComponent(jobId)}`;
