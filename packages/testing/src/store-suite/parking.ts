import { equal, ok } from "../assert.ts";
import type { TestCase } from "./cases.ts";
import { confirmed, resultA, resultB, rowsInEveryState, still, unrecognized } from "./samples.ts";

/** Rules 5 and 7: what is not recognised is kept, and never stands in a result's way. */
export function parkingTests(test: TestCase): void {
  test("no row: dead as unrecognized, its payload kept, not run", async (rig) => {
    equal(await rig.ingest(unrecognized("job")), { kind: "parked" }, "ingest");
    const { state, error, payload, source, attempts, settledAtMs } = await rig.record("job");
    const { payload: came } = unrecognized("job");
    equal(
      { state, error, payload, source, attempts },
      { state: "dead", error: "unrecognized", payload: came, source: "webhook", attempts: 0 },
      "the record",
    );
    ok(settledAtMs !== undefined, "a settledAtMs");
    equal(await rig.claim(), [], "rows claimed");
    equal(await rig.store.nextDueInMs(), undefined, "nextDueInMs");
  });

  test("the same again is a duplicate; another one is kept instead", async (rig) => {
    await rig.ingest(unrecognized("job"), 0);
    const before = await rig.record("job");
    const again = await rig.ingest(unrecognized("job"));
    equal(again, { kind: "duplicate", state: "dead" }, "the same again");
    equal(await rig.record("job"), before, "the row");
    equal(await rig.ingest(unrecognized("job", "[1]")), { kind: "parked" }, "another one");
    equal((await rig.record("job")).payload, "[1]", "the payload");
  });

  test("a taken row answers duplicate in every state and does not change", async (rig) => {
    for (const state of await rowsInEveryState(rig)) {
      const before = await rig.record(state);
      equal(await rig.ingest(unrecognized(state)), { kind: "duplicate", state }, state);
      equal(still(await rig.record(state)), still(before), `the ${state} row`);
    }
  });

  test("a parked row takes the first result that comes", async (rig) => {
    for (const lease of [60, 0]) {
      const jobId = `lease-${lease}`;
      await rig.ingest(unrecognized(jobId));
      const { kind } = await rig.ingest(resultB(jobId), lease);
      equal(kind, lease === 0 ? "stored" : "leased", "ingest");
      const { state, error, payload, settledAtMs } = await rig.record(jobId);
      equal(
        { state, error, payload, settledAtMs },
        { state: lease === 0 ? "pending" : "leased", payload: resultB(jobId).payload },
        "the record",
      );
      equal((await rig.ingest(resultA(jobId))).kind, "conflict", "a second result");
    }
  });

  test(
    "an expected row stays expected and is polled now",
    async (rig) => {
      await rig.expect("job");
      equal(await rig.claimPolls(), [], "polls before");
      equal(await rig.ingest(unrecognized("job")), { kind: "parked" }, "ingest");
      equal((await rig.record("job")).state, "expected", "the state");
      equal((await rig.claimPoll()).jobId, "job", "the poll");
    },
    { needs: ["expectedJobs"] },
  );

  test(
    "redriven, its lease has no fingerprint, and `done` brings the result",
    async (rig) => {
      await rig.ingest(unrecognized("job"));
      equal(await rig.store.redrive("job"), true, "redrive");
      equal((await rig.record("job")).state, "pending", "the state");
      const lease = await rig.claimOne();
      equal(lease.fingerprint, undefined, "the lease's fingerprint");
      equal(lease.payload, unrecognized("job").payload, "the lease's payload");
      await rig.store.settle(lease, { to: "done", result: confirmed });
      const { kind } = await rig.ingest(resultA("job", { fingerprint: confirmed.fingerprint }));
      equal(kind, "duplicate", "the same result later");
      equal((await rig.ingest(resultB("job"))).kind, "conflict", "another result later");
    },
    { needs: ["deadLetters"] },
  );

  test(
    "a repeat does not end the redrive of a parked row",
    async (rig) => {
      await rig.ingest(unrecognized("job"));
      await rig.store.redrive("job");
      const pending = await rig.ingest(unrecognized("job"));
      equal(pending, { kind: "duplicate", state: "pending" }, "while it waits");
      const lease = await rig.claimOne();
      for (const again of [unrecognized("job"), unrecognized("job", "[1]")]) {
        equal(await rig.ingest(again), { kind: "duplicate", state: "leased" }, "while it runs");
      }
      equal(await rig.store.settle(lease, { to: "done", result: confirmed }), true, "settle");
    },
    { needs: ["deadLetters"] },
  );

  test(
    "a result takes a redriven row that has none, also from under its lease",
    async (rig) => {
      for (const state of ["pending", "leased"]) {
        await rig.ingest(unrecognized(state));
        await rig.store.redrive(state);
        const before = state === "leased" ? await rig.claimOne() : undefined;
        const taken = await rig.ingest(resultA(state));
        ok(taken.kind === "leased", `a lease, not ${taken.kind}`);
        equal(taken.lease.fingerprint, resultA(state).fingerprint, "the fingerprint");
        if (before === undefined) continue;
        ok(taken.lease.fence > before.fence, "a fence above the old lease's");
        equal(await rig.store.settle(before, { to: "release" }), false, "settle by the old lease");
      }
    },
    { needs: ["deadLetters"] },
  );
}
