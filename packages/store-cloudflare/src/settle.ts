import type { Settlement } from "@abstrakt-webhooks/core";
import { settleStatement } from "@abstrakt-webhooks/store-sqlite/dialect";
import type { Context } from "./context.ts";

/** Ends or extends a lease. `false`: the lease is not the newest of its job, or has ended. */
export async function settle(
  context: Context,
  lease: { jobId: string; fence: number },
  settlement: Settlement,
): Promise<boolean> {
  const statement = settleStatement(context, lease, settlement, context.now());
  return (await context.changes(...statement)) === 1;
}
