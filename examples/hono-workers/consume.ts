import type { Env, ResultBatch } from "./env.ts";

/**
 * Saves each result. A queue may deliver a message twice, so the write is idempotent by `job_id`.
 * If the write fails, the queue delivers the message again.
 */
export async function consume({ messages }: ResultBatch, { DB }: Env): Promise<void> {
  for (const message of messages) {
    const { job_id: jobId, output } = message.body;
    try {
      await DB.prepare("INSERT INTO results (job_id, url) VALUES (?, ?) ON CONFLICT DO NOTHING")
        .bind(jobId, output.items[0]?.url ?? null)
        .all();
      message.ack();
    } catch (error) {
      console.error(`${jobId} could not be saved`, error);
      message.retry();
    }
  }
}
