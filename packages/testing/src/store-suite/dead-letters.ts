import { equal, ok } from "../assert.ts";
import type { TestCase } from "./test-case.ts";
import { rowsInEveryState } from "./rows-in-every-state.ts";
import { resultA, resultB } from "./sample-deliveries.ts";

const needs = ["deadLetters"] as const;

/** `DeadLetters.redrive` and `stats`: a dead row is due again, and rows are counted. */
export function deadLetterTests(test: TestCase): void {
  test(
    "a redriven row is pending and due now, has no attempts, and keeps its fence",
    async (backend) => {
      const lease = await backend.leased("job");
      await backend.ingest(resultB("job"));
      await backend.store.settle(lease, { to: "dead", error: "exhausted" });
      equal(await backend.store.redrive("job"), true, "redrive");
      const { state, attempts, fence, conflicts, settledAtMs } = await backend.record("job");
      equal(
        { state, attempts, fence, conflicts, settledAtMs },
        { state: "pending", attempts: 0, fence: lease.fence, conflicts: 1 },
        "the record",
      );
      equal(await backend.store.nextDueInMs(), 0, "nextDueInMs");
      equal(await backend.store.settle(lease, { to: "done" }), false, "settle by the old lease");
      const again = await backend.claimOne();
      equal(again.attempt, 1, "the attempt");
      equal(again.payload, resultA("job").payload, "the payload");
      ok(again.fence > lease.fence, `a fence above ${lease.fence}, got ${again.fence}`);
      equal(await backend.store.settle(lease, { to: "done" }), false, "the old lease, once more");
    },
    { needs },
  );

  test(
    "redrive affects only a dead row, and only once",
    async (backend) => {
      for (const state of await rowsInEveryState(backend)) {
        equal(await backend.store.redrive(state), state === "dead", `a ${state} row`);
      }
      equal(await backend.store.redrive("dead"), false, "a second time");
      equal(await backend.store.redrive("nobody"), false, "an unknown job");
    },
    { needs },
  );

  test(
    "a redriven result is still a duplicate of itself",
    async (backend) => {
      await backend.store.settle(await backend.leased("job"), { to: "dead", error: "x" });
      await backend.store.redrive("job");
      const again = await backend.ingest(resultA("job"));
      equal(again, { kind: "duplicate", state: "pending" }, "the repeat");
    },
    { needs },
  );

  test(
    "a redriven job that was never delivered is expected again and polled now",
    async (backend) => {
      await backend.expect("job", { poll: 0, giveUp: 4 });
      const poll = await backend.claimPoll();
      await backend.elapse(5);
      await backend.store.settlePoll(poll, { giveUp: "never_delivered" });
      equal(await backend.store.redrive("job"), true, "redrive");
      equal((await backend.record("job")).state, "expected", "the state");
      const again = await backend.claimPoll();
      equal(again.overdue, false, "overdue in its new life");
      ok(again.fence > poll.fence, `a fence above ${poll.fence}, got ${again.fence}`);
    },
    { needs: ["deadLetters", "expectedJobs"] },
  );

  test(
    "stats counts rows by state, and gives the age of the oldest that waits",
    async (backend) => {
      const empty = { expected: 0, pending: 0, leased: 0, done: 0, dead: 0 };
      equal(await backend.store.stats(), empty, "of an empty store");
      await backend.store.settle(await backend.leased("done-1"), { to: "done" });
      await backend.store.settle(await backend.leased("done-2"), { to: "done" });
      equal(await backend.store.stats(), { ...empty, done: 2 }, "of nothing that waits");
      await backend.leased("oldest");
      await backend.elapse(2);
      await backend.ingest(resultA("newer"), 0);
      const { oldestPendingMs = 0, ...counts } = await backend.store.stats();
      equal(counts, { ...empty, done: 2, leased: 1, pending: 1 }, "with two that wait");
      ok(
        oldestPendingMs >= backend.ms(1.5),
        `an age of 2 units or more, got ${oldestPendingMs} ms`,
      );
    },
    { needs },
  );

  test(
    "stats counts expected jobs, which are not results that wait",
    async (backend) => {
      for (const jobId of ["1", "2", "given-up"]) await backend.expect(jobId, { poll: 0 });
      const polls = await backend.claimPolls();
      const last = polls.find((poll) => poll.jobId === "given-up") ?? { jobId: "", fence: 0 };
      await backend.store.settlePoll(last, { giveUp: "never_delivered" });
      const counts = { expected: 2, pending: 0, leased: 0, done: 0, dead: 1 };
      equal(await backend.store.stats(), counts, "of two expected jobs, and one given up");
    },
    { needs: ["deadLetters", "expectedJobs"] },
  );
}
