import { equal, ok } from "../assert.ts";
import type { TestCase } from "./cases.ts";
import { resultA } from "./samples.ts";

const needs = ["expectedJobs"] as const;

/** `claimPolls` and `settlePoll`: a job is polled until its result comes or is given up. */
export function pollTests(test: TestCase): void {
  test(
    "a poll is claimed when it is due, by one only",
    async (rig) => {
      await rig.expect("job", { poll: 4 });
      equal(await rig.claimPolls(), [], "polls before");
      await rig.elapse(5);
      const { fence, ...poll } = await rig.claimPoll();
      equal(poll, { jobId: "job", polls: 1, overdue: false }, "the poll");
      ok(fence > 0, `a fence above 0, got ${fence}`);
      equal(await rig.claimPolls(), [], "polls while one runs");
    },
    { needs },
  );

  test(
    "a poll that found nothing comes again, under a higher fence",
    async (rig) => {
      await rig.expect("job", { poll: 0 });
      const first = await rig.claimPoll();
      equal(await rig.store.settlePoll(first, { againAfterMs: rig.ms(4) }), true, "settlePoll");
      equal(await rig.claimPolls(), [], "polls before");
      await rig.elapse(5);
      const second = await rig.claimPoll();
      equal(second.polls, 2, "polls");
      ok(second.fence > first.fence, `a fence above ${first.fence}, got ${second.fence}`);
    },
    { needs },
  );

  test(
    "a lost poll is claimed again, and its old fence is refused",
    async (rig) => {
      await rig.expect("job", { poll: 0 });
      const lost = await rig.claimPoll(1);
      await rig.elapse(2);
      const holder = await rig.claimPoll();
      equal(holder.polls, 2, "polls");
      equal(await rig.store.settlePoll(lost, { againAfterMs: 0 }), false, "again, old fence");
      equal(await rig.store.settlePoll(lost, { giveUp: "x" }), false, "give up, old fence");
      equal((await rig.record("job")).state, "expected", "the state");
      equal(await rig.store.settlePoll(holder, { giveUp: "x" }), true, "the holder's");
    },
    { needs },
  );

  test(
    "a poll is overdue once giveUpAfterMs has passed; given up is dead",
    async (rig) => {
      await rig.expect("job", { poll: 0, giveUp: 4 });
      const early = await rig.claimPoll();
      equal(early.overdue, false, "overdue at first");
      await rig.store.settlePoll(early, { againAfterMs: rig.ms(4) });
      await rig.elapse(5);
      const late = await rig.claimPoll();
      equal(late.overdue, true, "overdue later");
      equal(await rig.store.settlePoll(late, { giveUp: "never_delivered" }), true, "giving up");
      const { state, error, payload, dueInMs } = await rig.record("job");
      equal({ state, error, payload, dueInMs }, { state: "dead", error: "never_delivered" }, "row");
      equal(await rig.claimPolls(), [], "polls afterwards");
      equal(await rig.store.nextDueInMs(), undefined, "nextDueInMs");
    },
    { needs },
  );

  test(
    "an arriving result voids the running poll",
    async (rig) => {
      for (const lease of [60, 0]) {
        const jobId = `lease-${lease}`;
        await rig.expect(jobId, { poll: 0 });
        const poll = await rig.claimPoll();
        await rig.ingest(resultA(jobId), lease);
        equal(await rig.store.settlePoll(poll, { againAfterMs: 0 }), false, "again");
        equal(await rig.store.settlePoll(poll, { giveUp: "x" }), false, "give up");
        equal((await rig.record(jobId)).state, lease === 0 ? "pending" : "leased", "the state");
        equal(await rig.claimPolls(), [], "polls left");
      }
      equal((await rig.claimOne()).expected, true, "Lease.expected by claim");
    },
    { needs },
  );

  test(
    "a poll's fence settles no work, and a lease's no poll",
    async (rig) => {
      await rig.expect("job", { poll: 0 });
      const poll = await rig.claimPoll();
      equal(await rig.store.settle(poll, { to: "done" }), false, "settle by a poll");
      const lease = await rig.leased("job");
      equal(await rig.store.settlePoll(lease, { giveUp: "x" }), false, "settlePoll by a lease");
    },
    { needs },
  );

  test(
    "claimPolls takes the longest due first, at most its limit, and no work",
    async (rig) => {
      await rig.ingest(resultA("work"), 0);
      await rig.expect("late", { poll: 2 });
      await rig.expect("early", { poll: 1 });
      await rig.elapse(3);
      equal(
        (await rig.claimPolls({ limit: 1 })).map((poll) => poll.jobId),
        ["early"],
        "first",
      );
      equal(
        (await rig.claimPolls()).map((poll) => poll.jobId),
        ["late"],
        "then",
      );
    },
    { needs },
  );
}
