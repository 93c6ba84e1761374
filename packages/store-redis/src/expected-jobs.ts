import type { Expected, ExpectedJobs } from "@abstrakt-webhooks/core";
import { takeDue } from "./due.ts";
import { CLAIM_POLLS } from "./lua/claim.ts";
import { EXPECT, SETTLE_POLL } from "./lua/expect.ts";
import { toPollLease, toText, type PollRow } from "./row.ts";
import type { Run } from "./run.ts";

export function expectedJobs(run: Run, deadTtlMs: number): ExpectedJobs {
  return {
    async expect(jobId, { binding, pollAfterMs, giveUpAfterMs }) {
      const args = [jobId, toText(binding), pollAfterMs, giveUpAfterMs];
      return run<Expected>(EXPECT, [jobId], args);
    },
    claimPolls: ({ limit, leaseMs }) =>
      takeDue(run, "polls", limit, async (jobIds) =>
        (await run<PollRow[]>(CLAIM_POLLS, jobIds, [leaseMs, ...jobIds])).map(toPollLease),
      ),
    async settlePoll({ jobId, fence }, o) {
      const end = "giveUp" in o ? [deadTtlMs, toText(o.giveUp)] : [o.againAfterMs, ""];
      return Number(await run(SETTLE_POLL, [jobId], [jobId, fence, ...end])) === 1;
    },
  };
}
