import type { JobResult } from "@abstrakt-webhooks/express";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect, nanos } from "@nats-io/transport-node";

const { NATS_URL = "nats://localhost:4222", STREAM = "ABSTRAKT_RESULTS" } = process.env;
const EIGHT_DAYS = nanos(8 * 86_400_000);

export { STREAM };
export const nats = await connect({
  servers: NATS_URL,
  maxReconnectAttempts: -1, // tries to connect again for ever
  reconnectTimeWait: 500,
});

/** Creates the stream if it does not exist. The subject of its messages is the stream's name. */
export async function openQueue(): Promise<void> {
  const { streams } = await jetstreamManager(nats);
  await streams.add({
    name: STREAM,
    subjects: [STREAM],
    max_age: EIGHT_DAYS,
    // NATS recognises a repeated result for this time. It keeps the ids of this time in memory.
    duplicate_window: EIGHT_DAYS,
  });
}

/** Resolves when the result is in the stream. A result that is published twice is there once. */
export async function enqueue(result: JobResult): Promise<void> {
  await jetstream(nats).publish(STREAM, JSON.stringify(result), {
    msgID: encodeURIComponent(result.job_id), // an id is a header: no spaces at its ends
    timeout: 2_000,
  });
}
