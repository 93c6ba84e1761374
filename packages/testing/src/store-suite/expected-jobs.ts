import { equal, ok } from "../assert.ts";
import type { TestCase } from "./test-case.ts";
import { rowsInEveryState } from "./rows-in-every-state.ts";
import { resultA, still } from "./sample-deliveries.ts";

const needs = ["expectedJobs"] as const;

/** `ExpectedJobs.expect`: the store knows a submitted job before its result arrives. */
export function expectedTests(test: TestCase): void {
  test(
    "expect makes a row that waits for its first poll",
    async (backend) => {
      equal(await backend.expect("job", { poll: 50 }), "expected", "expect");
      const { state, attempts, payload, dueInMs = 0 } = await backend.record("job");
      equal({ state, attempts, payload }, { state: "expected", attempts: 0 }, "the record");
      ok(dueInMs > 0 && dueInMs <= backend.ms(50), `due within 50 units, got ${dueInMs} ms`);
      const nextMs = (await backend.store.nextDueInMs()) ?? Number.NaN;
      ok(nextMs > 0 && nextMs <= backend.ms(50), `nextDueInMs within 50 units, got ${nextMs}`);
      equal(await backend.claim(), [], "rows claimed as work");
      equal(await backend.claim({ jobId: "job" }), [], "rows claimed as work by id");
    },
    { needs },
  );

  test(
    "a result after never_delivered is leased as expected",
    async (backend) => {
      await backend.expect("job", { poll: 0 });
      const poll = await backend.claimPoll();
      await backend.store.settlePoll(poll, { giveUp: "never_delivered" });
      const lease = await backend.leased("job");
      equal(lease.expected, true, "Lease.expected");
      equal(lease.attempt, 1, "the attempt");
      ok(lease.fence > poll.fence, `a fence above ${poll.fence}, got ${lease.fence}`);
      equal((await backend.record("job")).error, undefined, "the error");
    },
    { needs },
  );

  test(
    "expect after the result answers arrived in every state and changes nothing",
    async (backend) => {
      for (const state of await rowsInEveryState(backend)) {
        const before = await backend.record(state);
        equal(await backend.expect(state, { poll: 0 }), "arrived", state);
        equal(still(await backend.record(state)), still(before), `the ${state} row`);
      }
      equal(await backend.claimPolls(), [], "polls");
    },
    { needs },
  );

  test(
    "a job counts as expected also when its result came first",
    async (backend) => {
      await backend.ingest(resultA("job"), 0);
      await backend.expect("job");
      equal((await backend.claimOne()).expected, true, "Lease.expected");
    },
    { needs },
  );

  test(
    "a second expect keeps the first schedule, and a freed row is expected as new",
    async (backend) => {
      await backend.expect("job", { poll: 0 });
      equal(await backend.expect("job", { poll: 60 }), "expected", "again");
      equal((await backend.claimPolls()).length, 1, "polls");
      const lease = await backend.leased("freed");
      await backend.store.settle(lease, { to: "dead", error: "unknown_job", free: true });
      equal(await backend.expect("freed", { poll: 0 }), "expected", "a freed row");
      const { fence } = await backend.claimPoll();
      ok(fence > lease.fence, `a fence above ${lease.fence}, got ${fence}`);
      const { state, error, settledAtMs } = await backend.record("freed");
      equal({ state, error, settledAtMs }, { state: "expected" }, "the freed row");
    },
    { needs },
  );
}
