import { equal, ok } from "../assert.ts";
import type { TestCase } from "./cases.ts";
import { confirmed, resultA, resultB, settlements, still } from "./samples.ts";

/** Rules 2, 3, 8 and 10: what each settlement does, and that an old fence does nothing. */
export function settleTests(test: TestCase): void {
  test("done: entered once, remembered, never run again", async (rig) => {
    const lease = await rig.leased("job");
    equal(await rig.store.settle(lease, { to: "done" }), true, "the first settle");
    for (const settlement of settlements(1)) {
      equal(await rig.store.settle(lease, settlement), false, `${settlement.to} after done`);
    }
    const { state, settledAtMs, dueInMs, error } = await rig.record("job");
    equal({ state, dueInMs, error }, { state: "done" }, "the record");
    ok(settledAtMs !== undefined, "a settledAtMs");
    equal(await rig.claim(), [], "rows claimed");
  });

  test("done with a result: it replaces what the row holds", async (rig) => {
    const lease = await rig.leased("job");
    await rig.store.settle(lease, { to: "done", result: confirmed });
    const again = await rig.ingest(resultA("job", { fingerprint: confirmed.fingerprint }));
    equal(again, { kind: "duplicate", state: "done" }, "the confirmed result");
    equal((await rig.ingest(resultA("job"))).kind, "conflict", "the result it replaced");
    const { payload } = await rig.record("job");
    ok(payload === undefined || payload === confirmed.payload, "the confirmed payload, or none");
  });

  test("retry: pending under its error, due after the delay", async (rig) => {
    const lease = await rig.leased("job");
    const delayMs = rig.ms(50);
    equal(await rig.store.settle(lease, { to: "retry", delayMs, error: "busy" }), true, "retry");
    const { state, error, attempts, dueInMs = 0 } = await rig.record("job");
    equal({ state, error, attempts }, { state: "pending", error: "busy", attempts: 1 }, "record");
    ok(dueInMs > 0 && dueInMs <= delayMs, `due within ${delayMs} ms, got ${dueInMs}`);
    await rig.store.settle(await rig.claimOne("job"), { to: "done" });
    equal((await rig.record("job")).error, undefined, "the error once it is done");
  });

  test("dead: kept with its error and payload, never run", async (rig) => {
    const lease = await rig.leased("job");
    equal(await rig.store.settle(lease, { to: "dead", error: "exhausted" }), true, "dead");
    const { state, error, payload, dueInMs, settledAtMs } = await rig.record("job");
    equal(
      { state, error, payload, dueInMs },
      { state: "dead", error: "exhausted", payload: resultA("job").payload },
      "the record",
    );
    ok(settledAtMs !== undefined, "a settledAtMs");
    equal(await rig.claim(), [], "rows claimed");
  });

  test("dead and freed: the next result takes the place, row and fence stay", async (rig) => {
    const lease = await rig.leased("job");
    await rig.ingest(resultB("job"));
    await rig.store.settle(lease, { to: "dead", error: "unknown_job", free: true });
    equal((await rig.record("job")).state, "dead", "the state of a freed row");
    const taken = await rig.ingest(resultB("job"));
    ok(taken.kind === "leased", `a lease, not ${taken.kind}`);
    equal(taken.lease.attempt, 1, "the attempt");
    equal(taken.lease.payload, resultB("job").payload, "the payload");
    ok(taken.lease.fence > lease.fence, `a fence above ${lease.fence}, got ${taken.lease.fence}`);
    const { conflicts, error, settledAtMs } = await rig.record("job");
    equal({ conflicts, error, settledAtMs }, { conflicts: 1 }, "the record");
    equal(await rig.store.settle(lease, { to: "done" }), false, "settle by the old lease");
  });

  test("release: due at once, the attempt given back", async (rig) => {
    const lease = await rig.leased("job");
    equal(await rig.store.settle(lease, { to: "release" }), true, "release");
    equal((await rig.record("job")).attempts, 0, "attempts");
    equal(await rig.store.nextDueInMs(), 0, "nextDueInMs");
    const again = await rig.claimOne();
    equal(again.attempt, 1, "the attempt");
    ok(again.fence > lease.fence, `a fence above ${lease.fence}, got ${again.fence}`);
  });

  test("release with a delay: due after it, under its error, the attempt given back", async (rig) => {
    const lease = await rig.leased("job");
    const delayMs = rig.ms(50);
    const settlement = { to: "release", delayMs, error: "still running" } as const;
    equal(await rig.store.settle(lease, settlement), true, "release");
    const { state, error, attempts, dueInMs = 0 } = await rig.record("job");
    const expected = { state: "pending", error: "still running", attempts: 0 };
    equal({ state, error, attempts }, expected, "record");
    ok(dueInMs > 0 && dueInMs <= delayMs, `due within ${delayMs} ms, got ${dueInMs}`);
    const again = await rig.claimOne("job");
    equal(again.attempt, 1, "the attempt");
    await rig.store.settle(again, { to: "release" });
    equal((await rig.record("job")).error, "still running", "the error after another release");
  });

  test("extend: the lease goes on, under the same fence", async (rig) => {
    const lease = await rig.leased("job", 4);
    await rig.elapse(1);
    equal(await rig.store.settle(lease, { to: "extend", leaseMs: rig.ms(10) }), true, "extend");
    await rig.elapse(5);
    equal(await rig.claim(), [], "rows claimed past the first end");
    const { state, attempts, fence } = await rig.record("job");
    equal({ state, attempts, fence }, { state: "leased", attempts: 1, fence: lease.fence }, "row");
    await rig.elapse(6);
    equal((await rig.claimOne()).attempt, 2, "the attempt past the second end");
  });

  test("a zombie settles nothing once another holds the lease", async (rig) => {
    const zombie = await rig.leased("job", 1);
    await rig.elapse(2);
    const holder = await rig.claimOne();
    const before = await rig.record("job");
    for (const settlement of settlements(1)) {
      equal(await rig.store.settle(zombie, settlement), false, `${settlement.to} by the zombie`);
    }
    equal(still(await rig.record("job")), still(before), "the row");
    equal(await rig.store.settle(holder, { to: "done" }), true, "done by the holder");
  });

  test("a late settle counts as long as nobody else has claimed", async (rig) => {
    const lease = await rig.leased("job", 1);
    await rig.elapse(2);
    equal(await rig.store.settle(lease, { to: "done" }), true, "done");
  });

  test("a fence that was given back, retried or never given is refused", async (rig) => {
    const lease = await rig.leased("job");
    const ahead = { jobId: "job", fence: lease.fence + 1 };
    equal(await rig.store.settle(ahead, { to: "done" }), false, "a fence of the future");
    await rig.store.settle(lease, { to: "release" });
    equal(await rig.store.settle(lease, { to: "done" }), false, "a released lease");
    const second = await rig.claimOne();
    await rig.store.settle(second, { to: "retry", delayMs: 0, error: "busy" });
    equal(await rig.store.settle(second, { to: "done" }), false, "a lease that was retried");
    equal(await rig.store.settle({ jobId: "nobody", fence: 1 }, { to: "done" }), false, "no row");
  });
}
