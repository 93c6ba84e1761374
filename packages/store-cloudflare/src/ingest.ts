import type { Delivery, Ingested } from "@abstrakt-webhooks/core";
import type { Context } from "./context.ts";
import type { Bound } from "./d1-database.ts";
import { toLease, type Row } from "./row.ts";
import { FORGET, ONE, PARK, TABLE, take } from "./sql.ts";

const TAKE = take(", claim");
/** Tells by the claim whether a row is what this very call has written. Binds: claim, state, attempts, namespace, job id. */
const LOOK = `SELECT state, fingerprint, binding, fence, attempts, expected,
  claim = ? AND state = ? AND attempts = ? AS mine FROM ${TABLE} WHERE ${ONE}`;

type Met = Pick<Row, "state" | "fingerprint" | "binding" | "fence" | "attempts" | "expected">;

/**
 * The whole of `ingest`: one statement for a new result. A second round trip for what is there
 * already, for a row whose retention is over, and when the first one's reply was lost: D1 repeats
 * reads only.
 */
export async function ingest(
  context: Context,
  delivery: Delivery,
  leaseMs: number,
): Promise<Ingested> {
  const { namespace } = context;
  const { jobId, fingerprint, payload, source, binding = null } = delivery;
  const nowMs = context.now();
  const claim = crypto.randomUUID();
  const [state, counted] = leaseMs === 0 ? (["pending", 0] as const) : (["leased", 1] as const);
  const kept = context.keptSince(nowMs);
  const taken = [namespace, jobId, state, fingerprint ?? null, payload, source, binding];
  const parked = [namespace, jobId, payload, source, binding, "unrecognized", nowMs, nowMs];
  const write: Bound =
    fingerprint === undefined
      ? [PARK, ...parked, ...kept]
      : [TAKE, ...taken, counted, counted, nowMs + leaseMs, nowMs, claim, ...kept];

  const [written] = await context.rows<Met>(...write).catch((): Met[] => []);
  if (written !== undefined) return describe(written, delivery, leaseMs, nowMs);
  const forget: Bound = [FORGET, namespace, jobId, ...kept];
  const look: Bound = [LOOK, claim, state, counted, namespace, jobId];
  const [, [again], [there]] = (await context.batch(forget, write, look)) as [
    unknown,
    [Met?],
    [Met & { mine: number | null }],
  ];
  const row = again ?? there;
  if (row === there && !there.mine) return { kind: "duplicate", state: row.state };
  return describe(row, delivery, leaseMs, nowMs);
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
