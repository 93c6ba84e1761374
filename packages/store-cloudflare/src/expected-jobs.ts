import type { ExpectedJobs } from "@abstrakt-webhooks/core";
import {
  DUE_POLLS,
  EXPECT,
  FORGET,
  LEASE_POLLS,
  POLL_AGAIN,
  POLL_GIVE_UP,
  toExpected,
  toPollLease,
  type ExpectRow,
  type BoundStatement,
} from "@abstrakt-webhooks/store-sqlite/dialect";
import { leaseInOrder } from "./claim.ts";
import type { Context } from "./context.ts";

export function expectedJobs(context: Context): ExpectedJobs {
  const { namespace, now } = context;
  return {
    async expect(jobId, { pollAfterMs, giveUpAfterMs, binding }) {
      const nowMs = now();
      const dueAtMs = nowMs + pollAfterMs;
      const [, [row]] = (await context.batch(
        [FORGET, namespace, jobId, ...context.keptSince(nowMs)],
        [EXPECT, namespace, jobId, binding ?? null, dueAtMs, giveUpAfterMs, nowMs + giveUpAfterMs],
      )) as [unknown, [ExpectRow]];
      return toExpected(row, binding);
    },
    async claimPolls(o) {
      const nowMs = now();
      const which = [namespace, nowMs, o.limit];
      const polls = [DUE_POLLS, LEASE_POLLS] as const;
      const rows = await leaseInOrder(context, polls, nowMs + o.leaseMs, which);
      return rows.map((row) => toPollLease(row, nowMs));
    },
    async settlePoll({ jobId, fence }, o) {
      const nowMs = now();
      const [sql, ...values]: BoundStatement =
        "giveUp" in o ? [POLL_GIVE_UP, nowMs, o.giveUp] : [POLL_AGAIN, nowMs + o.againAfterMs];
      return (await context.changes(sql, ...values, namespace, jobId, fence)) === 1;
    },
  };
}
