import type { Expected, ExpectedJobs } from "@abstrakt-webhooks/core";
import { storableText } from "@abstrakt-webhooks/core/store";
import type { Query } from "./query.ts";
import { toPollLease, type PollRow } from "./row.ts";
import { claimPollsSql } from "./sql/claim.ts";
import { expectSql, giveUpSql, pollAgainSql } from "./sql/expect.ts";

export function expectedJobs(query: Query, jobs: string, deadTtlMs: number): ExpectedJobs {
  const sql = {
    expect: expectSql(jobs),
    claimPolls: claimPollsSql(jobs),
    pollAgain: pollAgainSql(jobs),
    giveUp: giveUpSql(jobs),
  };
  return {
    async expect(jobId, { binding, pollAfterMs, giveUpAfterMs }) {
      const [row] = await query<{ answer: Expected }>(
        sql.expect,
        jobId,
        binding,
        pollAfterMs,
        giveUpAfterMs,
      );
      return row?.answer ?? "expected";
    },
    async claimPolls({ leaseMs, limit }) {
      return (await query<PollRow>(sql.claimPolls, leaseMs, limit)).map(toPollLease);
    },
    async settlePoll({ jobId, fence }, o) {
      const settled = await ("giveUp" in o
        ? query(sql.giveUp, jobId, fence, deadTtlMs, storableText(o.giveUp))
        : query(sql.pollAgain, jobId, fence, o.againAfterMs));
      return settled.length > 0;
    },
  };
}
