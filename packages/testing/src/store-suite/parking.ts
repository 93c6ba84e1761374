import { equal, ok } from "../assert.ts";
import type { TestCase } from "./test-case.ts";
import { rowsInEveryState } from "./rows-in-every-state.ts";
import { confirmed, resultA, resultB, still, unrecognized } from "./sample-deliveries.ts";

/** Rules 5 and 7: an unrecognised payload is kept, and a result replaces it. */
export function parkingTests(test: TestCase): void {
  test("an unrecognised payload without a row becomes a dead letter and is never claimed", async (backend) => {
    equal(await backend.ingest(unrecognized("job")), { kind: "parked" }, "ingest");
    const { state, error, payload, source, attempts, settledAtMs } = await backend.record("job");
    const { payload: came } = unrecognized("job");
    equal(
      { state, error, payload, source, attempts },
      { state: "dead", error: "unrecognized", payload: came, source: "webhook", attempts: 0 },
      "the record",
    );
    ok(settledAtMs !== undefined, "a settledAtMs");
    equal(await backend.claim(), [], "rows claimed");
    equal(await backend.store.nextDueInMs(), undefined, "nextDueInMs");
  });

  test("the same payload again is a duplicate; another payload replaces it", async (backend) => {
    await backend.ingest(unrecognized("job"), 0);
    const before = await backend.record("job");
    const again = await backend.ingest(unrecognized("job"));
    equal(again, { kind: "duplicate", state: "dead" }, "the same again");
    equal(await backend.record("job"), before, "the row");
    equal(await backend.ingest(unrecognized("job", "[1]")), { kind: "parked" }, "another one");
    equal((await backend.record("job")).payload, "[1]", "the payload");
  });

  test("a row with a result answers duplicate in every state and does not change", async (backend) => {
    for (const state of await rowsInEveryState(backend)) {
      const before = await backend.record(state);
      equal(await backend.ingest(unrecognized(state)), { kind: "duplicate", state }, state);
      equal(still(await backend.record(state)), still(before), `the ${state} row`);
    }
  });

  test("the first result that arrives replaces a parked row", async (backend) => {
    for (const lease of [60, 0]) {
      const jobId = `lease-${lease}`;
      await backend.ingest(unrecognized(jobId));
      const { kind } = await backend.ingest(resultB(jobId), lease);
      equal(kind, lease === 0 ? "stored" : "leased", "ingest");
      const { state, error, payload, settledAtMs } = await backend.record(jobId);
      equal(
        { state, error, payload, settledAtMs },
        { state: lease === 0 ? "pending" : "leased", payload: resultB(jobId).payload },
        "the record",
      );
      equal((await backend.ingest(resultA(jobId))).kind, "conflict", "a second result");
    }
  });

  test(
    "an expected row stays expected and is polled now",
    async (backend) => {
      await backend.expect("job");
      equal(await backend.claimPolls(), [], "polls before");
      equal(await backend.ingest(unrecognized("job")), { kind: "parked" }, "ingest");
      equal((await backend.record("job")).state, "expected", "the state");
      equal((await backend.claimPoll()).jobId, "job", "the poll");
    },
    { needs: ["expectedJobs"] },
  );

  test(
    "a redriven parked row is leased without a fingerprint, and `done` brings one",
    async (backend) => {
      await backend.ingest(unrecognized("job"));
      equal(await backend.store.redrive("job"), true, "redrive");
      equal((await backend.record("job")).state, "pending", "the state");
      const lease = await backend.claimOne();
      equal(lease.fingerprint, undefined, "the lease's fingerprint");
      equal(lease.payload, unrecognized("job").payload, "the lease's payload");
      await backend.store.settle(lease, { to: "done", result: confirmed });
      const { kind } = await backend.ingest(resultA("job", { fingerprint: confirmed.fingerprint }));
      equal(kind, "duplicate", "the same result later");
      equal((await backend.ingest(resultB("job"))).kind, "conflict", "another result later");
    },
    { needs: ["deadLetters"] },
  );

  test(
    "a duplicate does not end the redrive of a parked row",
    async (backend) => {
      await backend.ingest(unrecognized("job"));
      await backend.store.redrive("job");
      const pending = await backend.ingest(unrecognized("job"));
      equal(pending, { kind: "duplicate", state: "pending" }, "while it waits");
      const lease = await backend.claimOne();
      for (const again of [unrecognized("job"), unrecognized("job", "[1]")]) {
        equal(await backend.ingest(again), { kind: "duplicate", state: "leased" }, "while it runs");
      }
      equal(await backend.store.settle(lease, { to: "done", result: confirmed }), true, "settle");
    },
    { needs: ["deadLetters"] },
  );

  test(
    "a result replaces a redriven row without a result, also while the row is leased",
    async (backend) => {
      for (const state of ["pending", "leased"]) {
        await backend.ingest(unrecognized(state));
        await backend.store.redrive(state);
        const before = state === "leased" ? await backend.claimOne() : undefined;
        const taken = await backend.ingest(resultA(state));
        ok(taken.kind === "leased", `a lease, not ${taken.kind}`);
        equal(taken.lease.fingerprint, resultA(state).fingerprint, "the fingerprint");
        if (before === undefined) continue;
        ok(taken.lease.fence > before.fence, "a fence above the old lease's");
        equal(
          await backend.store.settle(before, { to: "release" }),
          false,
          "settle by the old lease",
        );
      }
    },
    { needs: ["deadLetters"] },
  );
}
