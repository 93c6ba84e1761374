import type { Delivery, Settlement } from "@abstrakt-webhooks/core";
import { storableText } from "@abstrakt-webhooks/core/store";
import { PARK, SETTLE } from "./sql.ts";

/** A value that a statement binds. */
export type SqliteValue = string | number | null;

/** A statement and the values that it binds. */
export type BoundStatement = readonly [sql: string, ...values: SqliteValue[]];

/** The values of the columns in `RESULT`. If `leaseMs` is 0, the row is stored without a lease. */
export function resultValues(
  namespace: string,
  { jobId, fingerprint, payload, source, binding }: Delivery,
  leaseMs: number,
  nowMs: number,
): SqliteValue[] {
  const [state, counted] = leaseMs === 0 ? ["pending", 0] : ["leased", 1];
  const result = [namespace, jobId, state, fingerprint ?? null, payload, source, binding ?? null];
  return [...result, counted, counted, nowMs + leaseMs, nowMs];
}

/** Parks a delivery that is not recognised. `kept` is "done before, dead before". */
export const parkStatement = (
  namespace: string,
  { jobId, payload, source, binding }: Delivery,
  nowMs: number,
  kept: readonly SqliteValue[],
): BoundStatement => {
  const key = [namespace, jobId] as const;
  return [PARK, ...key, payload, source, binding ?? null, "unrecognized", nowMs, nowMs, ...kept];
};

/** Ends or extends a lease. It changes one row, or none if the job has a newer fence. */
export function settleStatement(
  { namespace, keepPayload }: { readonly namespace: string; readonly keepPayload: boolean },
  lease: { jobId: string; fence: number },
  settlement: Settlement,
  nowMs: number,
): BoundStatement {
  const key = [namespace, lease.jobId, lease.fence] as const;
  switch (settlement.to) {
    case "done": {
      const { fingerprint = null, payload = null } = settlement.result ?? {};
      return [SETTLE.done, nowMs, fingerprint, keepPayload ? 1 : 0, payload, ...key];
    }
    case "dead": {
      const sql = settlement.free ? SETTLE.free : SETTLE.dead;
      return [sql, nowMs, storableText(settlement.error), ...key];
    }
    case "retry":
      return [SETTLE.retry, nowMs + settlement.delayMs, storableText(settlement.error), ...key];
    case "release": {
      const { delayMs = 0, error } = settlement;
      const words = error === undefined ? null : storableText(error);
      return [SETTLE.release, nowMs + delayMs, words, ...key];
    }
    case "extend":
      return [SETTLE.extend, nowMs + settlement.leaseMs, ...key];
  }
}
