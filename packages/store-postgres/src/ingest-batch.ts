import type { Delivery, Ingested, JobState } from "@abstrakt-webhooks/core";
import type { Names } from "./namespace.ts";
import type { Query } from "./query.ts";
import { toJobId, toLease, type LeaseRow } from "./row.ts";
import { callsOf } from "./sql/functions.ts";

/** One call of `ingest`. */
export interface IngestCall {
  /** Equal deliveries have the same identity. */
  readonly identity: string;
  readonly delivery: Delivery;
  readonly owner: string;
  readonly leaseMs: number;
  /** How many calls this one answers: itself and its copies. */
  copies: number;
}

/** The row after the statement, and whether the statement wrote it. */
type IngestRow = LeaseRow & { written: boolean; state: JobState };

/** The only row of an answer when no job of the batch had a row before. */
type AllNew = Pick<LeaseRow, "received"> & { readonly id: null };

/**
 * Ingests deliveries of different jobs in one statement. It sends them as one JSON text, so the
 * statement does not depend on their number, and every driver sends the same.
 *
 * An answer is `undefined` when another connection wrote the row at the same moment. The caller
 * then asks again.
 */
export function ingestBatch(query: Query, names: Names, deadTtlMs: number) {
  const sql = callsOf(names).ingest;
  return async (batch: readonly IngestCall[]): Promise<(Ingested | undefined)[]> => {
    const items = batch.map(({ delivery, owner, leaseMs, copies }) => ({
      job_id: delivery.jobId,
      fingerprint: delivery.fingerprint,
      payload: delivery.payload,
      source: delivery.source,
      binding: delivery.binding,
      owner,
      lease_ms: leaseMs,
      copies,
    }));
    const rows = new Map<string, IngestRow>();
    const json = JSON.stringify(items);
    for (const row of await query<IngestRow | AllNew>(sql, json, deadTtlMs, items.length)) {
      if (row.id === null) return batch.map((call) => toIngestedNew(call, row));
      rows.set(toJobId(row.id), row);
    }
    return batch.map(({ delivery }) => {
      const row = rows.get(delivery.jobId);
      return row && toIngested(row, delivery);
    });
  };
}

/** The outcome of a delivery whose job had no row. */
function toIngestedNew({ delivery, leaseMs }: IngestCall, { received }: AllNew): Ingested {
  const { jobId, fingerprint, binding, payload, source } = delivery;
  if (fingerprint === undefined) return { kind: "parked" };
  if (leaseMs === 0) return { kind: "stored" };
  const first = { jobId, fence: 1, attempt: 1, payload, source, fingerprint };
  const lease = { ...first, receivedAtMs: Number(received) };
  return { kind: "leased", lease: binding === undefined ? lease : { ...lease, binding } };
}

/**
 * Compares the row after the statement with the delivery. This shows the outcome of the delivery.
 */
function toIngested(row: IngestRow, delivery: Delivery): Ingested {
  const { state } = row;
  const { fingerprint, binding } = delivery;
  if (!row.written) return { kind: "duplicate", state };
  if (binding !== undefined && row.binding !== null && row.binding !== binding) {
    return { kind: "conflict", state, reason: "binding" };
  }
  if (fingerprint === undefined) return { kind: "parked" };
  if (row.fingerprint !== fingerprint) return { kind: "conflict", state, reason: "result" };
  if (state === "pending") return { kind: "stored" };
  return { kind: "leased", lease: toLease(row, delivery) };
}
