import type { Delivery, Ingested, JobState } from "@abstrakt-webhooks/core";
import type { Context } from "./context.ts";
import type { Connection } from "./database.ts";
import { toIngested, type WrittenRow } from "./dialect/row.ts";
import { FORGET, RESULT, STATE, TABLE, take } from "./dialect/sql.ts";
import { parkStatement, resultValues, type BoundStatement } from "./dialect/statements.ts";
import { ofEachSize, type BulkWrite } from "./bulk-write.ts";

const TAKE = take();
const INSERT = ofEachSize(
  `(${RESULT.replace(/\w+/g, "?")})`,
  (rows) => `INSERT INTO ${TABLE} (${RESULT}) VALUES ${rows} ON CONFLICT DO NOTHING`,
);

/** Ingests a delivery within a transaction. A job without a row takes one statement. */
export function ingest(
  context: Context,
  connection: Connection,
  delivery: Delivery,
  leaseMs: number,
  nowMs: number,
): Ingested {
  const { namespace, keptSince } = context;
  const key = [namespace, delivery.jobId, ...keptSince(nowMs)];
  const write = (): WrittenRow[] =>
    connection.all<WrittenRow>(...statement(context, delivery, leaseMs, nowMs));
  let [row] = write();
  if (row === undefined) {
    const [known] = connection.all<{ state: JobState }>(STATE, ...key);
    if (known !== undefined) return { kind: "duplicate", state: known.state };
    // The retention of the old row has ended, so the new row replaces it.
    connection.run(FORGET, ...key);
    [row] = write();
  }
  return toIngested(row as WrittenRow, delivery, leaseMs, nowMs);
}

/** Makes the statement for a delivery, with the values that it binds. */
function statement(
  { namespace, keptSince }: Context,
  delivery: Delivery,
  leaseMs: number,
  nowMs: number,
): BoundStatement {
  const kept = keptSince(nowMs);
  return delivery.fingerprint === undefined
    ? parkStatement(namespace, delivery, nowMs, kept)
    : [TAKE, ...resultValues(namespace, delivery, leaseMs, nowMs), ...kept];
}

/** Makes the bulk write of a result. It succeeds only if the job has no row yet. */
export function bulkIngest(
  { namespace }: Context,
  delivery: Delivery,
  leaseMs: number,
): BulkWrite<Ingested> | undefined {
  const { jobId, fingerprint, payload, source, binding } = delivery;
  if (fingerprint === undefined) return undefined;
  return {
    jobId,
    statements: INSERT,
    shared: () => [],
    row: (nowMs) => resultValues(namespace, delivery, leaseMs, nowMs),
    answer(nowMs) {
      if (leaseMs === 0) return { kind: "stored" };
      const first = { jobId, fence: 1, attempt: 1, payload, source, fingerprint };
      const lease = { ...first, receivedAtMs: nowMs };
      return { kind: "leased", lease: binding === undefined ? lease : { ...lease, binding } };
    },
  };
}
