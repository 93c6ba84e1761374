import { equal, ok } from "../assert.ts";
import type { TestCase } from "./cases.ts";
import { resultA, rowsInEveryState, still } from "./samples.ts";

const needs = ["expectedJobs"] as const;

/** `ExpectedJobs`: a submitted job is polled until its result comes or is given up. */
export function expectedTests(test: TestCase): void {
  test(
    "expect makes a row that waits for its first poll",
    async (rig) => {
      equal(await rig.expect("job", { poll: 50 }), "expected", "expect");
      const { state, attempts, payload, dueInMs = 0 } = await rig.record("job");
      equal({ state, attempts, payload }, { state: "expected", attempts: 0 }, "the record");
      ok(dueInMs > 0 && dueInMs <= rig.ms(50), `due within 50 units, got ${dueInMs} ms`);
      const nextMs = (await rig.store.nextDueInMs()) ?? Number.NaN;
      ok(nextMs > 0 && nextMs <= rig.ms(50), `nextDueInMs within 50 units, got ${nextMs}`);
      equal(await rig.claim(), [], "rows claimed as work");
      equal(await rig.claim({ jobId: "job" }), [], "rows claimed as work by id");
    },
    { needs },
  );

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
    "a result after never_delivered is taken and was expected",
    async (rig) => {
      await rig.expect("job", { poll: 0 });
      const poll = await rig.claimPoll();
      await rig.store.settlePoll(poll, { giveUp: "never_delivered" });
      const lease = await rig.leased("job");
      equal(lease.expected, true, "Lease.expected");
      equal(lease.attempt, 1, "the attempt");
      ok(lease.fence > poll.fence, `a fence above ${poll.fence}, got ${lease.fence}`);
      equal((await rig.record("job")).error, undefined, "the error");
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
    "expect after the result answers arrived in every state and moves nothing",
    async (rig) => {
      for (const state of await rowsInEveryState(rig)) {
        const before = await rig.record(state);
        equal(await rig.expect(state, { poll: 0 }), "arrived", state);
        equal(still(await rig.record(state)), still(before), `the ${state} row`);
      }
      equal(await rig.claimPolls(), [], "polls");
    },
    { needs },
  );

  test(
    "expecting twice keeps the first schedule; a freed row is expected anew",
    async (rig) => {
      await rig.expect("job", { poll: 0 });
      equal(await rig.expect("job", { poll: 60 }), "expected", "again");
      equal((await rig.claimPolls()).length, 1, "polls");
      const lease = await rig.leased("freed");
      await rig.store.settle(lease, { to: "dead", error: "unknown_job", free: true });
      equal(await rig.expect("freed", { poll: 0 }), "expected", "a freed row");
      const { fence } = await rig.claimPoll();
      ok(fence > lease.fence, `a fence above ${lease.fence}, got ${fence}`);
      const { state, error, settledAtMs } = await rig.record("freed");
      equal({ state, error, settledAtMs }, { state: "expected" }, "the freed row");
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
