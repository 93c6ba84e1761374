import type { Settlement } from "@abstrakt-webhooks/core";
import type { Context } from "./context.ts";
import type { Connection } from "./database.ts";
import { TABLE } from "./dialect/sql.ts";
import { settleStatement } from "./dialect/statements.ts";
import { ofEachSize, type BulkWrite } from "./bulk-write.ts";

/** Binds: settled at, whether to keep a payload, namespace, and the job ids. */
const FINISH = ofEachSize(
  "?",
  (ids) => `UPDATE ${TABLE}
    SET state = 'done', settled_at = ?, due_at = NULL, error = NULL, payload = iif(?, payload, NULL)
    WHERE namespace = ? AND state = 'leased' AND fence = 1 AND job_id IN (${ids})`,
);

/** Ends or extends a lease. `false`: the lease is not the newest of its job, or has ended. */
export const settle = (
  context: Context,
  connection: Connection,
  lease: { jobId: string; fence: number },
  settlement: Settlement,
  nowMs: number,
): boolean => connection.run(...settleStatement(context, lease, settlement, nowMs)) === 1;

/** Makes the bulk write of `done` for a first lease whose result does not change. */
export function bulkSettle(
  { namespace, keepPayload }: Context,
  { jobId, fence }: { jobId: string; fence: number },
  settlement: Settlement,
): BulkWrite<boolean> | undefined {
  if (settlement.to !== "done" || settlement.result !== undefined || fence !== 1) return undefined;
  return {
    jobId,
    statements: FINISH,
    shared: (nowMs) => [nowMs, keepPayload ? 1 : 0, namespace],
    row: () => [jobId],
    answer: () => true,
  };
}
