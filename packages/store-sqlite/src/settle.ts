import type { Settlement } from "@abstrakt-webhooks/core";
import type { Context } from "./context.ts";
import type { Connection, SqliteValue } from "./database.ts";
import { ofEachSize, type Plain } from "./plain.ts";
import { SETTLE, TABLE } from "./sql.ts";

/** Binds: settled at, whether to keep a payload, namespace, and the job ids. */
const FINISH = ofEachSize(
  "?",
  (ids) => `UPDATE ${TABLE}
    SET state = 'done', settled_at = ?, due_at = NULL, error = NULL, payload = iif(?, payload, NULL)
    WHERE namespace = ? AND state = 'leased' AND fence = 1 AND job_id IN (${ids})`,
);

/** Ends or extends a lease. `false`: it is no longer ours. */
export function settle(
  { namespace, keepPayload }: Context,
  connection: Connection,
  lease: { jobId: string; fence: number },
  settlement: Settlement,
  nowMs: number,
): boolean {
  const update = (sql: string, ...values: SqliteValue[]): boolean =>
    connection.run(sql, ...values, namespace, lease.jobId, lease.fence) === 1;
  switch (settlement.to) {
    case "done": {
      const { fingerprint = null, payload = null } = settlement.result ?? {};
      return update(SETTLE.done, nowMs, fingerprint, keepPayload ? 1 : 0, payload);
    }
    case "dead":
      return update(settlement.free ? SETTLE.free : SETTLE.dead, nowMs, settlement.error);
    case "retry":
      return update(SETTLE.retry, nowMs + settlement.delayMs, settlement.error);
    case "release": {
      const { delayMs = 0, error = null } = settlement;
      return update(SETTLE.release, nowMs + delayMs, error);
    }
    case "extend":
      return update(SETTLE.extend, nowMs + settlement.leaseMs);
  }
}

/** The end of a first lease, with the result it was given for. */
export function plainSettle(
  { namespace, keepPayload }: Context,
  { jobId, fence }: { jobId: string; fence: number },
  settlement: Settlement,
): Plain<boolean> | undefined {
  if (settlement.to !== "done" || settlement.result !== undefined || fence !== 1) return undefined;
  return {
    jobId,
    statements: FINISH,
    shared: (nowMs) => [nowMs, keepPayload ? 1 : 0, namespace],
    row: () => [jobId],
    answer: () => true,
  };
}
