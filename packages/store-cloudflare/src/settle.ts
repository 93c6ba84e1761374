import type { Settlement } from "@abstrakt-webhooks/core";
import type { Context } from "./context.ts";
import type { Bound } from "./d1-database.ts";
import { SETTLE } from "./sql.ts";

/** Ends or extends a lease. `false`: it is no longer ours. */
export async function settle(
  context: Context,
  lease: { jobId: string; fence: number },
  settlement: Settlement,
): Promise<boolean> {
  const [sql, ...values] = toUpdate(settlement, context.now(), context.keepPayload);
  const { namespace } = context;
  return (await context.changes(sql, ...values, namespace, lease.jobId, lease.fence)) === 1;
}

function toUpdate(settlement: Settlement, nowMs: number, keepPayload: boolean): Bound {
  switch (settlement.to) {
    case "done": {
      const { fingerprint = null, payload = null } = settlement.result ?? {};
      return [SETTLE.done, nowMs, fingerprint, keepPayload ? 1 : 0, payload];
    }
    case "dead":
      return [settlement.free ? SETTLE.free : SETTLE.dead, nowMs, settlement.error];
    case "retry":
      return [SETTLE.retry, nowMs + settlement.delayMs, settlement.error];
    case "release": {
      const { delayMs = 0, error = null } = settlement;
      return [SETTLE.release, nowMs + delayMs, error];
    }
    case "extend":
      return [SETTLE.extend, nowMs + settlement.leaseMs];
  }
}
