import { AbstraktWebhookError, type Delivery, type Ingested } from "@abstrakt-webhooks/core";
import { ingestBatch, type Came } from "./ingest-batch.ts";
import type { Names } from "./namespace.ts";
import { batchRows, type Query } from "./query.ts";

/** How often a delivery may meet a row that was written at that very moment. */
const MAX_MISSES = 20;

/** What waits for its statement, and its answer. */
interface Boarding {
  readonly came: Came;
  readonly answer: Promise<Ingested | undefined>;
}

type Ingest = (delivery: Delivery, o: { owner: string; leaseMs: number }) => Promise<Ingested>;

/**
 * Ingests in batches. A result equal to one that has not gone out yet goes with it: one row answers
 * for all its copies.
 */
export function createIngest(query: Query, names: Names, deadTtlMs: number): Ingest {
  const boarding = new Map<string, Boarding>();
  const send = ingestBatch(query, names, deadTtlMs);
  const batched = batchRows<Came, Ingested | undefined>({
    send(batch) {
      for (const { identity } of batch) boarding.delete(identity);
      return send(batch);
    },
    keyOf: ({ delivery }) => delivery.jobId,
    lengthOf: ({ delivery }) => delivery.payload.length,
  });

  const board = (came: Came): Promise<Ingested | undefined> => {
    const answer = batched(came);
    // What is not recognised has nothing that tells its equals.
    if (came.delivery.fingerprint !== undefined) boarding.set(came.identity, { came, answer });
    return answer;
  };

  return async (delivery, { owner, leaseMs }) => {
    const identity = identityOf(delivery);
    for (let misses = 0; misses < MAX_MISSES; misses += 1) {
      const equal = boarding.get(identity);
      if (equal !== undefined) equal.came.copies += 1;
      const came = { identity, delivery, owner, leaseMs, copies: 1 };
      const answer = await (equal?.answer ?? board(came));
      if (answer !== undefined) return equal === undefined ? answer : toldToCopy(answer);
    }
    throw new AbstraktWebhookError(
      "store_unavailable",
      `PostgreSQL answered nothing for a job, ${MAX_MISSES} times. Check that \`client.query\` resolves to the rows of the statement.`,
    );
  };
}

/**
 * Deliveries of one identity meet a row in the same way. Neither a job id nor a fingerprint holds a
 * line break.
 */
const identityOf = ({ jobId, fingerprint, binding }: Delivery): string =>
  binding === undefined ? `${jobId}\n${fingerprint}` : `${jobId}\n${fingerprint}\n${binding}`;

function toldToCopy(answer: Ingested): Ingested {
  if (answer.kind === "leased") return { kind: "duplicate", state: "leased" };
  if (answer.kind === "stored") return { kind: "duplicate", state: "pending" };
  return answer;
}
