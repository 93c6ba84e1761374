import type { Delivery, Ingested } from "@abstrakt-webhooks/core";
import { webCrypto } from "@abstrakt-webhooks/core/store";
import {
  FORGET,
  ONE,
  parkStatement,
  resultValues,
  TABLE,
  take,
  toIngested,
  type BoundStatement,
  type WrittenRow,
} from "@abstrakt-webhooks/store-sqlite/dialect";
import type { Context } from "./context.ts";

const TAKE = take(", claim");
/**
 * `mine` says whether this call wrote the row. Binds: claim, state, attempts, namespace, job id.
 */
const LOOK = `SELECT state, fingerprint, binding, fence, attempts, expected,
  claim = ? AND state = ? AND attempts = ? AS mine FROM ${TABLE} WHERE ${ONE}`;

/**
 * Ingests a delivery. A new result takes one statement. There is a second round trip if the job
 * already has a row, or if the reply to the first one was lost, because D1 itself retries reads
 * only.
 */
export async function ingest(
  context: Context,
  delivery: Delivery,
  leaseMs: number,
): Promise<Ingested> {
  const { namespace } = context;
  const { jobId } = delivery;
  const nowMs = context.now();
  const claim = webCrypto().randomUUID();
  const [state, counted] = leaseMs === 0 ? (["pending", 0] as const) : (["leased", 1] as const);
  const kept = context.keptSince(nowMs);
  const write: BoundStatement =
    delivery.fingerprint === undefined
      ? parkStatement(namespace, delivery, nowMs, kept)
      : [TAKE, ...resultValues(namespace, delivery, leaseMs, nowMs), claim, ...kept];

  const [written] = await context.rows<WrittenRow>(...write).catch((): WrittenRow[] => []);
  if (written !== undefined) return toIngested(written, delivery, leaseMs, nowMs);
  const forget: BoundStatement = [FORGET, namespace, jobId, ...kept];
  const look: BoundStatement = [LOOK, claim, state, counted, namespace, jobId];
  const [, [again], [there]] = (await context.batch(forget, write, look)) as [
    unknown,
    [WrittenRow?],
    [WrittenRow & { mine: number | null }],
  ];
  const row = again ?? there;
  if (row === there && !there.mine) return { kind: "duplicate", state: row.state };
  return toIngested(row, delivery, leaseMs, nowMs);
}
