import { equal, ok } from "../assert.ts";
import type { TestCase } from "./test-case.ts";
import { rowsInEveryState } from "./rows-in-every-state.ts";
import { resultA } from "./sample-deliveries.ts";

/** Rules 1, 2, 8 and 9: one lease per job, a growing fence, one attempt per claim. */
export function leaseTests(test: TestCase): void {
  test("a live lease is not claimed; a lost lease is claimed and counts as an attempt", async (backend) => {
    const first = await backend.leased("job", 4);
    equal(await backend.claim(), [], "rows claimed while it lives");
    await backend.elapse(5);
    const second = await backend.claimOne();
    equal(second.attempt, 2, "the attempt");
    ok(second.fence > first.fence, `a fence above ${first.fence}, got ${second.fence}`);
    equal((await backend.record("job")).attempts, 2, "attempts on record");
    equal(second.receivedAtMs, first.receivedAtMs, "receivedAtMs");
  });

  test("each claim counts as an attempt, also when it is never settled", async (backend) => {
    await backend.leased("job", 1);
    for (const attempt of [2, 3, 4]) {
      await backend.elapse(2);
      equal((await backend.claimOne(undefined, 1)).attempt, attempt, "the attempt");
    }
  });

  test("a lost lease is reported until an attempt ends", async (backend) => {
    const first = await backend.leased("job", 1);
    equal(first.lost ?? false, false, "lost, on the first lease");
    await backend.elapse(2);
    const second = await backend.claimOne();
    equal(second.lost, true, "lost, after the lease was");
    equal((await backend.record("job")).error, "lease_lost", "the error on record");
    await backend.store.settle(second, { to: "release" });
    const third = await backend.claimOne();
    equal(third.lost, true, "lost, after that one was released");
    await backend.store.settle(third, { to: "retry", delayMs: 0, error: "busy" });
    equal((await backend.claimOne("job")).lost ?? false, false, "lost, after an attempt has ended");
    equal((await backend.record("job")).error, "busy", "the error on record then");
  });

  test("a lost lease keeps the error of the attempt before it", async (backend) => {
    const first = await backend.leased("job");
    await backend.store.settle(first, { to: "retry", delayMs: 0, error: "busy" });
    await backend.claimOne("job", 1);
    equal((await backend.record("job")).error, "busy", "the error while the next attempt runs");
    for (const jobId of ["job", undefined]) {
      await backend.elapse(2);
      equal((await backend.claimOne(jobId, 1)).lost, true, "lost");
      equal((await backend.record("job")).error, "lease_lost; before: busy", "the error then");
    }
    await backend.elapse(2);
    await backend.store.settle(await backend.claimOne(), { to: "dead", error: "exhausted" });
    equal((await backend.record("job")).error, "exhausted", "the error of the dead row");
  });

  test("a claim by job id reports a lost lease too", async (backend) => {
    await backend.leased("job", 1);
    await backend.elapse(2);
    equal((await backend.claimOne("job")).lost, true, "lost");
  });

  test("a claimed row is not claimed again", async (backend) => {
    await backend.ingest(resultA("job"), 0);
    await backend.claimOne();
    equal(await backend.claim(), [], "rows claimed");
    equal(await backend.claim({ jobId: "job" }), [], "rows claimed by id");
  });

  test("the row that is due longest is claimed first", async (backend) => {
    for (const [jobId, delay] of [
      ["late", 3],
      ["early", 1],
      ["middle", 2],
    ] as const) {
      const lease = await backend.leased(jobId);
      const delayMs = backend.ms(delay);
      await backend.store.settle(lease, { to: "retry", delayMs, error: "busy" });
    }
    await backend.leased("lost", 4);
    await backend.elapse(5);
    const claimed = [];
    for (const limit of [1, 2, 1]) {
      for (const { jobId } of await backend.claim({ limit })) claimed.push(jobId);
    }
    equal(claimed, ["early", "middle", "late", "lost"], "the order of claims");
  });

  test("a claim leases at most its limit", async (backend) => {
    for (let index = 0; index < 10; index += 1) await backend.ingest(resultA(`job-${index}`), 0);
    equal((await backend.claim({ limit: 3 })).length, 3, "rows of the first claim");
    equal((await backend.claim({ limit: 100 })).length, 7, "rows of the second");
  });

  test("a row that is not due is not claimed", async (backend) => {
    const lease = await backend.leased("job");
    await backend.store.settle(lease, { to: "retry", delayMs: backend.ms(4), error: "busy" });
    equal(await backend.claim(), [], "rows claimed before");
    await backend.elapse(5);
    equal((await backend.claimOne()).attempt, 2, "the attempt after");
  });

  test("a claim by job id ignores the backoff, but not a live lease", async (backend) => {
    await backend.ingest(resultA("other"), 0);
    const lease = await backend.leased("job");
    equal(await backend.claim({ jobId: "job" }), [], "while leased");
    await backend.store.settle(lease, { to: "retry", delayMs: backend.ms(6_000), error: "busy" });
    const again = await backend.claimOne("job", 1);
    equal({ jobId: again.jobId, attempt: again.attempt }, { jobId: "job", attempt: 2 }, "backoff");
    await backend.elapse(2);
    equal((await backend.claimOne("job")).attempt, 3, "the attempt after a lost lease");
  });

  test("a claim by job id leases no done, dead or unknown job", async (backend) => {
    for (const to of ["done", "dead"] as const) {
      await backend.store.settle(await backend.leased(to), { to, error: "x" });
      equal(await backend.claim({ jobId: to }), [], `a ${to} row`);
    }
    equal(await backend.claim({ jobId: "nobody" }), [], "an unknown job");
  });

  test("every row that is not done or dead has a due time", async (backend) => {
    for (const state of await rowsInEveryState(backend)) {
      const { dueInMs } = await backend.record(state);
      equal(dueInMs !== undefined, state === "leased" || state === "pending", `${state}: is due`);
    }
  });

  test("nextDueInMs gives the time until the first row is due", async (backend) => {
    const isBetween = async (least: number, most: number, what: string) => {
      const due = (await backend.store.nextDueInMs()) ?? Number.NaN;
      ok(
        due > backend.ms(least) && due <= backend.ms(most),
        `${what}: ${least} to ${most}, got ${due} ms`,
      );
    };
    const far = await backend.leased("far", 200);
    await isBetween(100, 200, "a lease");
    const near = await backend.leased("near");
    await backend.store.settle(near, { to: "retry", delayMs: backend.ms(50), error: "busy" });
    await isBetween(0, 50, "a retry before it");
    await backend.store.settle(await backend.claimOne("near"), { to: "done" });
    await isBetween(50, 200, "the lease again");
    await backend.store.settle(far, { to: "dead", error: "x" });
    equal(await backend.store.nextDueInMs(), undefined, "nothing but done and dead");
    await backend.ingest(resultA("now"), 0);
    equal(await backend.store.nextDueInMs(), 0, "a row due now");
  });

  test("nextDueInMs is 0 when a row is overdue", async (backend) => {
    await backend.leased("job", 1);
    await backend.elapse(3);
    equal(await backend.store.nextDueInMs(), 0, "nextDueInMs");
    const { dueInMs = 0 } = await backend.record("job");
    ok(dueInMs < 0, `a negative dueInMs, got ${dueInMs}`);
  });
}
