import { equal, ok } from "../assert.ts";
import type { TestCase } from "./test-case.ts";
import { resultA } from "./sample-deliveries.ts";

const needs = ["expectedJobs"] as const;

/** `claimPolls` and `settlePoll`: a job is polled until its result arrives or its time is over. */
export function pollTests(test: TestCase): void {
  test(
    "a due poll is claimed once",
    async (backend) => {
      await backend.expect("job", { poll: 4 });
      equal(await backend.claimPolls(), [], "polls before");
      await backend.elapse(5);
      const { fence, ...poll } = await backend.claimPoll();
      equal(poll, { jobId: "job", polls: 1, overdue: false }, "the poll");
      ok(fence > 0, `a fence above 0, got ${fence}`);
      equal(await backend.claimPolls(), [], "polls while one runs");
    },
    { needs },
  );

  test(
    "a poll that found nothing is repeated under a higher fence",
    async (backend) => {
      await backend.expect("job", { poll: 0 });
      const first = await backend.claimPoll();
      equal(
        await backend.store.settlePoll(first, { againAfterMs: backend.ms(4) }),
        true,
        "settlePoll",
      );
      equal(await backend.claimPolls(), [], "polls before");
      await backend.elapse(5);
      const second = await backend.claimPoll();
      equal(second.polls, 2, "polls");
      ok(second.fence > first.fence, `a fence above ${first.fence}, got ${second.fence}`);
    },
    { needs },
  );

  test(
    "a lost poll is claimed again, and its old fence is refused",
    async (backend) => {
      await backend.expect("job", { poll: 0 });
      const lost = await backend.claimPoll(1);
      await backend.elapse(2);
      const holder = await backend.claimPoll();
      equal(holder.polls, 2, "polls");
      equal(await backend.store.settlePoll(lost, { againAfterMs: 0 }), false, "again, old fence");
      equal(await backend.store.settlePoll(lost, { giveUp: "x" }), false, "give up, old fence");
      equal((await backend.record("job")).state, "expected", "the state");
      equal(await backend.store.settlePoll(holder, { giveUp: "x" }), true, "the holder's");
    },
    { needs },
  );

  test(
    "after giveUpAfterMs a poll is overdue, and giving up makes the job dead",
    async (backend) => {
      await backend.expect("job", { poll: 0, giveUp: 4 });
      const early = await backend.claimPoll();
      equal(early.overdue, false, "overdue at first");
      await backend.store.settlePoll(early, { againAfterMs: backend.ms(4) });
      await backend.elapse(5);
      const late = await backend.claimPoll();
      equal(late.overdue, true, "overdue later");
      equal(await backend.store.settlePoll(late, { giveUp: "never_delivered" }), true, "giving up");
      const { state, error, payload, dueInMs } = await backend.record("job");
      equal({ state, error, payload, dueInMs }, { state: "dead", error: "never_delivered" }, "row");
      equal(await backend.claimPolls(), [], "polls afterwards");
      equal(await backend.store.nextDueInMs(), undefined, "nextDueInMs");
    },
    { needs },
  );

  test(
    "a result that arrives ends the lease of the running poll",
    async (backend) => {
      for (const lease of [60, 0]) {
        const jobId = `lease-${lease}`;
        await backend.expect(jobId, { poll: 0 });
        const poll = await backend.claimPoll();
        await backend.ingest(resultA(jobId), lease);
        equal(await backend.store.settlePoll(poll, { againAfterMs: 0 }), false, "again");
        equal(await backend.store.settlePoll(poll, { giveUp: "x" }), false, "give up");
        equal((await backend.record(jobId)).state, lease === 0 ? "pending" : "leased", "the state");
        equal(await backend.claimPolls(), [], "polls left");
      }
      equal((await backend.claimOne()).expected, true, "Lease.expected by claim");
    },
    { needs },
  );

  test(
    "a poll's fence settles no lease, and a lease's fence settles no poll",
    async (backend) => {
      await backend.expect("job", { poll: 0 });
      const poll = await backend.claimPoll();
      equal(await backend.store.settle(poll, { to: "done" }), false, "settle by a poll");
      const lease = await backend.leased("job");
      equal(await backend.store.settlePoll(lease, { giveUp: "x" }), false, "settlePoll by a lease");
    },
    { needs },
  );

  test(
    "claimPolls leases only expected jobs, longest due first, up to its limit",
    async (backend) => {
      await backend.ingest(resultA("work"), 0);
      await backend.expect("late", { poll: 2 });
      await backend.expect("early", { poll: 1 });
      await backend.elapse(3);
      equal(
        (await backend.claimPolls({ limit: 1 })).map((poll) => poll.jobId),
        ["early"],
        "first",
      );
      equal(
        (await backend.claimPolls()).map((poll) => poll.jobId),
        ["late"],
        "then",
      );
    },
    { needs },
  );
}
