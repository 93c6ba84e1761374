import type { Delivery, Ingested, JobState } from "@abstrakt-webhooks/core";
import type { Names } from "./namespace.ts";
import type { Query } from "./query.ts";
import { toJobId, toLease, type LeaseRow } from "./row.ts";
import { callsOf } from "./sql/functions.ts";

/** A delivery on its way. */
export interface Came {
  /** The same for deliveries that are equal. */
  readonly identity: string;
  readonly delivery: Delivery;
  readonly owner: string;
  readonly leaseMs: number;
  /** Itself, and those equal to it that need no row of their own. */
  copies: number;
}

/** The row after the statement, and whether the statement wrote it. */
type IngestRow = LeaseRow & { written: boolean; state: JobState };

/**
 * Ingests deliveries of different jobs in one statement. They go as one JSON text: a parameter that
 * every driver sends alike, and one statement text whatever their number.
 *
 * `undefined` in an answer: the row was written by another at that moment; ask again.
 */
export function ingestBatch(query: Query, names: Names, deadTtlMs: number) {
  const sql = callsOf(names).ingest;
  return async (batch: readonly Came[]): Promise<(Ingested | undefined)[]> => {
    const came = batch.map(({ delivery, owner, leaseMs, copies }) => ({
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
    for (const row of await query<IngestRow>(sql, JSON.stringify(came), deadTtlMs)) {
      rows.set(toJobId(row.id), row);
    }
    return batch.map(({ delivery }) => {
      const row = rows.get(delivery.jobId);
      return row && toIngested(row, delivery);
    });
  };
}

/** A row that was written tells by what it holds now whether the delivery took it. */
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
