import type { Lease } from "@abstrakt-webhooks/core";
import {
  DUE_WORK,
  LEASE_ONE,
  LEASE_WORK,
  toLease,
  type Row,
} from "@abstrakt-webhooks/store-sqlite/dialect";
import type { Context } from "./context.ts";
import type { D1Value } from "./d1-database.ts";

/** Claims due rows, or the row `jobId`, in one round trip. */
export async function claim(
  context: Context,
  o: { leaseMs: number; limit: number; jobId?: string | undefined },
): Promise<Lease[]> {
  const { namespace } = context;
  const nowMs = context.now();
  const untilMs = nowMs + o.leaseMs;
  const rows =
    o.jobId === undefined
      ? await leaseInOrder(context, [DUE_WORK, LEASE_WORK], untilMs, [namespace, nowMs, o.limit])
      : await context.rows<Row>(LEASE_ONE, untilMs, namespace, o.jobId, nowMs);
  return rows.map(toLease);
}

/** Leases due rows, the earliest first. It sorts them, as RETURNING returns them in any order. */
export async function leaseInOrder(
  context: Context,
  [due, lease]: readonly [due: string, lease: string],
  untilMs: number,
  which: readonly D1Value[],
): Promise<Row[]> {
  const [ids, rows] = (await context.batch([due, ...which], [lease, untilMs, ...which])) as [
    { job_id: string }[],
    Row[],
  ];
  const leased = new Map(rows.map((row) => [row.job_id, row]));
  return ids.flatMap(({ job_id }) => leased.get(job_id) ?? []);
}
