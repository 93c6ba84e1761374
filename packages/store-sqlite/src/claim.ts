import type { Lease } from "@abstrakt-webhooks/core";
import type { Context } from "./context.ts";
import type { Connection } from "./database.ts";
import { toLease, type Row } from "./dialect/row.ts";
import { DUE_WORK, LEASE_ONE, LEASE_WORK } from "./dialect/sql.ts";
import type { SqliteValue } from "./dialect/statements.ts";

/** Claims due rows, or the row `jobId`, within a transaction. */
export function claim(
  { namespace }: Context,
  connection: Connection,
  o: { leaseMs: number; limit: number; jobId?: string | undefined },
  nowMs: number,
): Lease[] {
  const untilMs = nowMs + o.leaseMs;
  const rows =
    o.jobId === undefined
      ? leaseInOrder(connection, [DUE_WORK, LEASE_WORK], untilMs, [namespace, nowMs, o.limit])
      : connection.all<Row>(LEASE_ONE, untilMs, namespace, o.jobId, nowMs);
  return rows.map(toLease);
}

/** Leases due rows, the earliest first. Writes nothing when no row is due. */
export function leaseInOrder(
  connection: Connection,
  [due, lease]: readonly [due: string, lease: string],
  untilMs: number,
  which: readonly SqliteValue[],
): Row[] {
  const ids = connection.all<{ job_id: string }>(due, ...which).map((row) => row.job_id);
  if (ids.length === 0) return [];
  const leased = new Map(
    connection.all<Row>(lease, untilMs, ...which).map((row) => [row.job_id, row]),
  );
  return ids.flatMap((id) => leased.get(id) ?? []);
}
