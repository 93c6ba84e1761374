import { equal, ok } from "../assert.ts";
import type { TestCase } from "./cases.ts";
import { resultA, rowsInEveryState } from "./samples.ts";

/** Rules 1, 2, 8 and 9: one lease per job, a growing fence, attempts counted when claimed. */
export function leaseTests(test: TestCase): void {
  test("a live lease is not claimed; a lost one is, and counts as an attempt", async (rig) => {
    const first = await rig.leased("job", 4);
    equal(await rig.claim(), [], "rows claimed while it lives");
    await rig.elapse(5);
    const second = await rig.claimOne();
    equal(second.attempt, 2, "the attempt");
    ok(second.fence > first.fence, `a fence above ${first.fence}, got ${second.fence}`);
    equal((await rig.record("job")).attempts, 2, "attempts on record");
    equal(second.receivedAtMs, first.receivedAtMs, "receivedAtMs");
  });

  test("attempts count claims, also when nobody comes back to settle", async (rig) => {
    await rig.leased("job", 1);
    for (const attempt of [2, 3, 4]) {
      await rig.elapse(2);
      equal((await rig.claimOne(undefined, 1)).attempt, attempt, "the attempt");
    }
  });

  test("a lost lease leaves its trace until an attempt ends", async (rig) => {
    const first = await rig.leased("job", 1);
    equal(first.lost ?? false, false, "lost, on the first lease");
    await rig.elapse(2);
    const second = await rig.claimOne();
    equal(second.lost, true, "lost, after the lease was");
    equal((await rig.record("job")).error, "lease_lost", "the error on record");
    await rig.store.settle(second, { to: "release" });
    const third = await rig.claimOne();
    equal(third.lost, true, "lost, after that one was given back");
    await rig.store.settle(third, { to: "retry", delayMs: 0, error: "busy" });
    equal((await rig.claimOne("job")).lost ?? false, false, "lost, after an attempt has ended");
    equal((await rig.record("job")).error, "busy", "the error on record then");
  });

  test("by job id: a lost lease leaves the same trace", async (rig) => {
    await rig.leased("job", 1);
    await rig.elapse(2);
    equal((await rig.claimOne("job")).lost, true, "lost");
  });

  test("a claimed row is not claimed again", async (rig) => {
    await rig.ingest(resultA("job"), 0);
    await rig.claimOne();
    equal(await rig.claim(), [], "rows claimed");
    equal(await rig.claim({ jobId: "job" }), [], "rows claimed by id");
  });

  test("the longest due comes first", async (rig) => {
    for (const [jobId, delay] of [
      ["late", 3],
      ["early", 1],
      ["middle", 2],
    ] as const) {
      const lease = await rig.leased(jobId);
      const delayMs = rig.ms(delay);
      await rig.store.settle(lease, { to: "retry", delayMs, error: "busy" });
    }
    await rig.leased("lost", 4);
    await rig.elapse(5);
    const claimed = [];
    for (let count = 0; count < 4; count += 1) {
      for (const { jobId } of await rig.claim({ limit: 1 })) claimed.push(jobId);
    }
    equal(claimed, ["early", "middle", "late", "lost"], "the order of claims");
  });

  test("a claim takes at most its limit", async (rig) => {
    for (let index = 0; index < 10; index += 1) await rig.ingest(resultA(`job-${index}`), 0);
    equal((await rig.claim({ limit: 3 })).length, 3, "rows of the first claim");
    equal((await rig.claim({ limit: 100 })).length, 7, "rows of the second");
  });

  test("a row that is not due is not claimed", async (rig) => {
    const lease = await rig.leased("job");
    await rig.store.settle(lease, { to: "retry", delayMs: rig.ms(4), error: "busy" });
    equal(await rig.claim(), [], "rows claimed before");
    await rig.elapse(5);
    equal((await rig.claimOne()).attempt, 2, "the attempt after");
  });

  test("by job id: backoff is ignored, a live lease is not", async (rig) => {
    await rig.ingest(resultA("other"), 0);
    const lease = await rig.leased("job");
    equal(await rig.claim({ jobId: "job" }), [], "while leased");
    await rig.store.settle(lease, { to: "retry", delayMs: rig.ms(6_000), error: "busy" });
    const again = await rig.claimOne("job", 1);
    equal({ jobId: again.jobId, attempt: again.attempt }, { jobId: "job", attempt: 2 }, "backoff");
    await rig.elapse(2);
    equal((await rig.claimOne("job")).attempt, 3, "the attempt after a lost lease");
  });

  test("by job id: nothing to run is nothing claimed", async (rig) => {
    for (const to of ["done", "dead"] as const) {
      await rig.store.settle(await rig.leased(to), { to, error: "x" });
      equal(await rig.claim({ jobId: to }), [], `a ${to} row`);
    }
    equal(await rig.claim({ jobId: "nobody" }), [], "an unknown job");
  });

  test("every row but the done and the dead has a due time", async (rig) => {
    for (const state of await rowsInEveryState(rig)) {
      const { dueInMs } = await rig.record(state);
      equal(dueInMs !== undefined, state === "leased" || state === "pending", `${state}: is due`);
    }
  });

  test("nextDueInMs tells when the first row is due", async (rig) => {
    const isBetween = async (least: number, most: number, what: string) => {
      const due = (await rig.store.nextDueInMs()) ?? Number.NaN;
      ok(due > rig.ms(least) && due <= rig.ms(most), `${what}: ${least} to ${most}, got ${due} ms`);
    };
    const far = await rig.leased("far", 200);
    await isBetween(100, 200, "a lease");
    const near = await rig.leased("near");
    await rig.store.settle(near, { to: "retry", delayMs: rig.ms(50), error: "busy" });
    await isBetween(0, 50, "a retry before it");
    await rig.store.settle(await rig.claimOne("near"), { to: "done" });
    await isBetween(50, 200, "the lease again");
    await rig.store.settle(far, { to: "dead", error: "x" });
    equal(await rig.store.nextDueInMs(), undefined, "nothing but done and dead");
    await rig.ingest(resultA("now"), 0);
    equal(await rig.store.nextDueInMs(), 0, "a row due now");
  });

  test("nextDueInMs is 0 when a row is overdue", async (rig) => {
    await rig.leased("job", 1);
    await rig.elapse(3);
    equal(await rig.store.nextDueInMs(), 0, "nextDueInMs");
    const { dueInMs = 0 } = await rig.record("job");
    ok(dueInMs < 0, `a negative dueInMs, got ${dueInMs}`);
  });
}
