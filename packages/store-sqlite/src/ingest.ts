import type { Delivery, Ingested, JobState } from "@abstrakt-webhooks/core";
import type { Context } from "./context.ts";
import type { Connection, SqliteValue } from "./database.ts";
import { ofEachSize, type Plain } from "./plain.ts";
import { toLease, type Row } from "./row.ts";
import { FORGET, PARK, RESULT, STATE, TABLE, take } from "./sql.ts";

const TAKE = take();
const INSERT = ofEachSize(
  `(${RESULT.replace(/\w+/g, "?")})`,
  (rows) => `INSERT INTO ${TABLE} (${RESULT}) VALUES ${rows} ON CONFLICT DO NOTHING`,
);

type Met = Pick<Row, "state" | "fingerprint" | "binding" | "fence" | "attempts" | "expected">;

/** The whole of `ingest`, within a transaction: one statement, unless the row is there already. */
export function ingest(
  context: Context,
  connection: Connection,
  delivery: Delivery,
  leaseMs: number,
  nowMs: number,
): Ingested {
  const { namespace, keptSince } = context;
  const key = [namespace, delivery.jobId, ...keptSince(nowMs)];
  const write = (): Met[] => connection.all<Met>(...statement(context, delivery, leaseMs, nowMs));
  let [row] = write();
  if (row === undefined) {
    const [known] = connection.all<{ state: JobState }>(STATE, ...key);
    if (known !== undefined) return { kind: "duplicate", state: known.state };
    // Its retention is over, so it makes way.
    connection.run(FORGET, ...key);
    [row] = write();
  }
  return describe(row as Met, delivery, leaseMs, nowMs);
}

/** What is written, with what is bound to it. */
function statement(
  { namespace, keptSince }: Context,
  delivery: Delivery,
  leaseMs: number,
  nowMs: number,
): [sql: string, ...values: SqliteValue[]] {
  const kept = keptSince(nowMs);
  if (delivery.fingerprint !== undefined) {
    return [TAKE, ...resultRow(namespace, delivery, leaseMs, nowMs), ...kept];
  }
  const { jobId, payload, source, binding = null } = delivery;
  return [PARK, namespace, jobId, payload, source, binding, "unrecognized", nowMs, nowMs, ...kept];
}

/** What `RESULT` names. */
function resultRow(
  namespace: string,
  { jobId, fingerprint, payload, source, binding }: Delivery,
  leaseMs: number,
  nowMs: number,
): SqliteValue[] {
  const [state, counted] = leaseMs === 0 ? ["pending", 0] : ["leased", 1];
  const result = [namespace, jobId, state, fingerprint ?? null, payload, source, binding ?? null];
  return [...result, counted, counted, nowMs + leaseMs, nowMs];
}

/** What was written, told by the row as it is now. */
function describe(row: Met, delivery: Delivery, leaseMs: number, nowMs: number): Ingested {
  const { state } = row;
  const { jobId, fingerprint, payload, source, binding } = delivery;
  if (row.binding !== null && binding !== undefined && row.binding !== binding) {
    return { kind: "conflict", state, reason: "binding" };
  }
  if (fingerprint === undefined) return { kind: "parked" };
  if (row.fingerprint !== fingerprint) return { kind: "conflict", state, reason: "result" };
  if (leaseMs === 0) return { kind: "stored" };
  // What was just written need not be read back.
  const written = { ...row, job_id: jobId, payload, source, received_at: nowMs };
  return { kind: "leased", lease: toLease(written) };
}

/** A result whose job has no row yet. */
export function plainIngest(
  { namespace }: Context,
  delivery: Delivery,
  leaseMs: number,
): Plain<Ingested> | undefined {
  const { jobId, fingerprint, payload, source, binding } = delivery;
  if (fingerprint === undefined) return undefined;
  return {
    jobId,
    statements: INSERT,
    shared: () => [],
    row: (nowMs) => resultRow(namespace, delivery, leaseMs, nowMs),
    answer(nowMs) {
      if (leaseMs === 0) return { kind: "stored" };
      const first = { jobId, fence: 1, attempt: 1, payload, source, fingerprint };
      const lease = { ...first, receivedAtMs: nowMs };
      return { kind: "leased", lease: binding === undefined ? lease : { ...lease, binding } };
    },
  };
}
