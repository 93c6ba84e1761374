import { AbstraktWebhookError, type Delivery, type Ingested } from "@abstrakt-webhooks/core";
import { ingestBatch, type IngestCall } from "./ingest-batch.ts";
import type { Names } from "./namespace.ts";
import { batchRows, type Query } from "./query.ts";

/** How often to ask again when another connection writes the row at the same moment. */
const MAX_MISSES = 20;

/** A call that waits for its statement, and its answer. */
interface QueuedCall {
  readonly call: IngestCall;
  readonly answer: Promise<Ingested | undefined>;
}

type Ingest = (delivery: Delivery, o: { owner: string; leaseMs: number }) => Promise<Ingested>;

/**
 * Ingests in batches. A delivery that equals one in the queue becomes a copy of it, and the
 * statement writes one row for all copies.
 */
export function createIngest(query: Query, names: Names, deadTtlMs: number): Ingest {
  const queue = new Map<string, QueuedCall>();
  const send = ingestBatch(query, names, deadTtlMs);
  const batched = batchRows<IngestCall, Ingested | undefined>({
    send(batch) {
      for (const { identity } of batch) queue.delete(identity);
      return send(batch);
    },
    keyOf: ({ delivery }) => delivery.jobId,
    lengthOf: ({ delivery }) => delivery.payload.length,
  });

  const enqueue = (call: IngestCall): Promise<Ingested | undefined> => {
    const answer = batched(call);
    // An unrecognised payload has no fingerprint, so its copies cannot be found.
    if (call.delivery.fingerprint !== undefined) queue.set(call.identity, { call, answer });
    return answer;
  };

  return async (delivery, { owner, leaseMs }) => {
    const identity = identityOf(delivery);
    for (let misses = 0; misses < MAX_MISSES; misses += 1) {
      const equal = queue.get(identity);
      if (equal !== undefined) equal.call.copies += 1;
      const call = { identity, delivery, owner, leaseMs, copies: 1 };
      const answer = await (equal?.answer ?? enqueue(call));
      if (answer !== undefined) return equal === undefined ? answer : answerForCopy(answer);
    }
    throw new AbstraktWebhookError(
      "store_unavailable",
      `Expected a row for the job, got none in ${MAX_MISSES} tries. Check that \`client.query\` resolves to the rows of the statement.`,
    );
  };
}

/**
 * Deliveries with the same identity get the same answer. Neither a job id nor a fingerprint
 * contains a line break.
 */
const identityOf = ({ jobId, fingerprint, binding }: Delivery): string =>
  binding === undefined ? `${jobId}\n${fingerprint}` : `${jobId}\n${fingerprint}\n${binding}`;

function answerForCopy(answer: Ingested): Ingested {
  if (answer.kind === "leased") return { kind: "duplicate", state: "leased" };
  if (answer.kind === "stored") return { kind: "duplicate", state: "pending" };
  return answer;
}
