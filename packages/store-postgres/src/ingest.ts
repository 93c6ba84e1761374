import type { Delivery, Ingested, JobState } from "@abstrakt-webhooks/core";
import type { Waiting } from "./batch.ts";
import type { Query } from "./query.ts";
import { toJobId, toLease, type LeaseRow } from "./row.ts";
import { ingestSql } from "./sql/ingest.ts";

/** The row after the statement, and whether the statement wrote it. */
type IngestRow = Omit<LeaseRow, "payload" | "source"> & { written: boolean; state: JobState };

/**
 * Ingests a batch in one statement. The batch goes as one JSON text: a parameter that every driver
 * sends alike, and one statement text whatever the size.
 */
export function createIngest(query: Query, jobs: string, deadTtlMs: number) {
  const sql = ingestSql(jobs);
  return async (batch: readonly Waiting[]): Promise<(Ingested | undefined)[]> => {
    const came = batch.map(({ delivery, owner, leaseMs }) => ({
      job_id: delivery.jobId,
      fingerprint: delivery.fingerprint,
      payload: delivery.payload,
      source: delivery.source,
      binding: delivery.binding,
      owner,
      lease_ms: leaseMs,
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
function toIngested(row: IngestRow, { fingerprint, binding, payload, source }: Delivery): Ingested {
  const { state } = row;
  if (!row.written) return { kind: "duplicate", state };
  if (binding !== undefined && row.binding !== null && row.binding !== binding) {
    return { kind: "conflict", state, reason: "binding" };
  }
  if (fingerprint === undefined) return { kind: "parked" };
  if (row.fingerprint !== fingerprint) return { kind: "conflict", state, reason: "result" };
  if (state === "pending") return { kind: "stored" };
  return { kind: "leased", lease: toLease({ ...row, payload, source }) };
}
