import type { Settlement } from "@abstrakt-webhooks/core";
import type { Context } from "./context.ts";
import type { Connection, SqliteValue } from "./database.ts";
import { SETTLE } from "./sql.ts";

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
    case "release":
      return update(SETTLE.release, nowMs);
    case "extend":
      return update(SETTLE.extend, nowMs + settlement.leaseMs);
  }
}
