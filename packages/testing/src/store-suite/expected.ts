import { equal, ok } from "../assert.ts";
import type { TestCase } from "./cases.ts";
import { resultA, rowsInEveryState, still } from "./samples.ts";

const needs = ["expectedJobs"] as const;

/** `ExpectedJobs.expect`: a submitted job is known before its result comes. */
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
    "a job counts as expected also when its result came first",
    async (rig) => {
      await rig.ingest(resultA("job"), 0);
      await rig.expect("job");
      equal((await rig.claimOne()).expected, true, "Lease.expected");
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
}
