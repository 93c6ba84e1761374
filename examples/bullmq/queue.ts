import type { JobResult } from "@abstrakt-webhooks/express";
import { Queue } from "bullmq";

const { REDIS_URL: url = "redis://localhost:6379", QUEUE: name = "abstrakt-results" } = process.env;
const EIGHT_DAYS_S = 8 * 86_400;

export const queue = new Queue<JobResult>(name, {
  // While Redis is down, `add` rejects at once. So the sender gets 503 without a wait.
  connection: { url, enableOfflineQueue: false, maxRetriesPerRequest: 1 },
  defaultJobOptions: {
    attempts: 10,
    backoff: { type: "exponential", delay: 2_000 },
    // BullMQ recognises a repeated result as long as it keeps the job.
    removeOnComplete: { age: EIGHT_DAYS_S },
    removeOnFail: false,
  },
});
queue.on("error", ({ message }) => console.error(`Redis: ${message}`));

/** Resolves when the result is in the queue. A result that is added twice is there only once. */
export async function enqueue(result: JobResult): Promise<void> {
  await queue.add(result.status, result, { jobId: toQueueId(result.job_id) });
}

/** BullMQ refuses an id with a colon, and an id that has only digits. */
const toQueueId = (jobId: string): string => `result-${encodeURIComponent(jobId)}`;
