import type { ExpectedJobs } from "@abstrakt-webhooks/core";
import type { Query } from "./query.ts";
import { toPollLease, type PollRow } from "./row.ts";
import type { createSettle } from "./settle.ts";
import { claimPollsSql } from "./sql/claim.ts";
import { expectSql } from "./sql/expect.ts";

export function expectedJobs(
  query: Query,
  jobs: string,
  settle: ReturnType<typeof createSettle>,
): ExpectedJobs {
  const sql = { expect: expectSql(jobs), claimPolls: claimPollsSql(jobs) };
  return {
    async expect(jobId, { binding, pollAfterMs, giveUpAfterMs }) {
      const [row] = await query<{ arrived: boolean }>(
        sql.expect,
        jobId,
        binding,
        pollAfterMs,
        giveUpAfterMs,
      );
      return row?.arrived ? "arrived" : "expected";
    },
    async claimPolls({ leaseMs, limit }) {
      return (await query<PollRow>(sql.claimPolls, leaseMs, limit)).map(toPollLease);
    },
    settlePoll: (poll, o) => settle.poll(query, poll, o),
  };
}
