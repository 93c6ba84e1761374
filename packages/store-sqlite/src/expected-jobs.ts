import type { ExpectedJobs } from "@abstrakt-webhooks/core";
import { leaseInOrder } from "./claim.ts";
import type { Context } from "./context.ts";
import { toExpected, toPollLease, type ExpectRow } from "./dialect/row.ts";
import { DUE_POLLS, EXPECT, FORGET, LEASE_POLLS, POLL_AGAIN, POLL_GIVE_UP } from "./dialect/sql.ts";

export function expectedJobs({ namespace, keptSince, write }: Context): ExpectedJobs {
  return {
    expect: (jobId, o) =>
      write((connection, nowMs) => {
        connection.run(FORGET, namespace, jobId, ...keptSince(nowMs));
        const [row] = connection.all<ExpectRow>(
          EXPECT,
          namespace,
          jobId,
          o.binding ?? null,
          nowMs + o.pollAfterMs,
          o.giveUpAfterMs,
          nowMs + o.giveUpAfterMs,
        );
        return toExpected(row as ExpectRow, o.binding);
      }),
    claimPolls: (o) =>
      write((connection, nowMs) => {
        const which = [namespace, nowMs, o.limit];
        const rows = leaseInOrder(connection, [DUE_POLLS, LEASE_POLLS], nowMs + o.leaseMs, which);
        return rows.map((row) => toPollLease(row, nowMs));
      }),
    settlePoll: (poll, o) =>
      write((connection, nowMs) => {
        const lease = [namespace, poll.jobId, poll.fence];
        const changed =
          "giveUp" in o
            ? connection.run(POLL_GIVE_UP, nowMs, o.giveUp, ...lease)
            : connection.run(POLL_AGAIN, nowMs + o.againAfterMs, ...lease);
        return changed === 1;
      }),
  };
}
