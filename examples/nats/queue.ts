import type { JobResult } from "@abstrakt-webhooks/express";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect, nanos } from "@nats-io/transport-node";

const { NATS_URL = "nats://localhost:4222", STREAM = "ABSTRAKT_RESULTS" } = process.env;
const EIGHT_DAYS = nanos(8 * 86_400_000);

export { STREAM };
export const nats = await connect({
  servers: NATS_URL,
  maxReconnectAttempts: -1, // never gives up
  reconnectTimeWait: 500,
});

/** Makes the stream where it is missing. Its messages have the stream's name as their subject. */
export async function openQueue(): Promise<void> {
  const { streams } = await jetstreamManager(nats);
  await streams.add({
    name: STREAM,
    subjects: [STREAM],
    max_age: EIGHT_DAYS,
    // A result that is delivered again is recognised for so long. NATS keeps these ids in memory.
    duplicate_window: EIGHT_DAYS,
  });
}

/** Resolves when the result is in the stream, where it is once however often it is published. */
export async function enqueue(result: JobResult): Promise<void> {
  await jetstream(nats).publish(STREAM, JSON.stringify(result), {
    msgID: encodeURIComponent(result.job_id), // it is a header, which holds no spaces at its ends
    timeout: 2_000,
  });
}
