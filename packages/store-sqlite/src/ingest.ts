import type { Delivery, Ingested, JobState } from "@abstrakt-webhooks/core";
import type { Context } from "./context.ts";
import type { Connection } from "./database.ts";
import { toLease, type Row } from "./row.ts";
import { FORGET, PARK, STATE, TAKE } from "./sql.ts";

type Met = Pick<Row, "state" | "fingerprint" | "binding" | "fence" | "attempts" | "expected">;

/** The whole of `ingest`, within a transaction. */
export function ingest(
  { namespace, keptSince }: Context,
  connection: Connection,
  delivery: Delivery,
  leaseMs: number,
  nowMs: number,
): Ingested {
  const { jobId } = delivery;
  connection.all(FORGET, namespace, jobId, ...keptSince(nowMs));
  const [row] =
    delivery.fingerprint === undefined
      ? park(connection, namespace, delivery, nowMs)
      : take(connection, namespace, delivery, leaseMs, nowMs);
  if (row === undefined) {
    const [known] = connection.all(STATE, namespace, jobId) as [{ state: JobState }];
    return { kind: "duplicate", state: known.state };
  }
  const { state } = row;
  if (contradictsBinding(row, delivery)) return { kind: "conflict", state, reason: "binding" };
  if (delivery.fingerprint === undefined) return { kind: "parked" };
  if (row.fingerprint !== delivery.fingerprint)
    return { kind: "conflict", state, reason: "result" };
  if (leaseMs === 0) return { kind: "stored" };
  // What was just written need not be read back.
  const { payload, source } = delivery;
  return {
    kind: "leased",
    lease: toLease({ ...row, job_id: jobId, payload, source, received_at: nowMs }),
  };
}

const contradictsBinding = (row: Met, delivery: Delivery): boolean =>
  row.binding !== null && delivery.binding !== undefined && row.binding !== delivery.binding;

function take(
  connection: Connection,
  namespace: string,
  d: Delivery,
  leaseMs: number,
  nowMs: number,
): Met[] {
  const counted = leaseMs === 0 ? 0 : 1;
  return connection.all<Met>(
    TAKE,
    namespace,
    d.jobId,
    leaseMs === 0 ? "pending" : "leased",
    d.fingerprint ?? null,
    d.payload,
    d.source,
    d.binding ?? null,
    counted,
    counted,
    nowMs + leaseMs,
    nowMs,
  );
}

const park = (connection: Connection, namespace: string, d: Delivery, nowMs: number): Met[] =>
  connection.all<Met>(
    PARK,
    namespace,
    d.jobId,
    d.payload,
    d.source,
    d.binding ?? null,
    "unrecognized",
    nowMs,
    nowMs,
  );
