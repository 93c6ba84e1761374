import { equal, ok } from "../assert.ts";
import type { TestCase } from "./test-case.ts";
import { rowsInEveryState } from "./rows-in-every-state.ts";
import { resultA, still, unrecognized } from "./sample-deliveries.ts";

const OURS = { binding: "nonce-1.ref" };
const THEIRS = { binding: "nonce-2.ref" };

/** Rule 11: a result that arrives by another job's URL is a conflict. */
export function bindingTests(test: TestCase): void {
  test("lease and record have the binding of the result's URL", async (backend) => {
    const ingested = await backend.ingest(resultA("job", OURS), 1);
    equal(ingested.kind === "leased" && ingested.lease.binding, OURS.binding, "by ingest");
    equal((await backend.record("job")).binding, OURS.binding, "by get");
    await backend.elapse(2);
    equal((await backend.claimOne()).binding, OURS.binding, "by claim");
  });

  test("an equal result by another binding is a conflict in every state", async (backend) => {
    for (const state of await rowsInEveryState(backend, OURS)) {
      const before = await backend.record(state);
      const other = await backend.ingest(resultA(state, THEIRS));
      equal(other, { kind: "conflict", state, reason: "binding" }, `theirs, ${state}`);
      equal(still(await backend.record(state)), { ...still(before), conflicts: 1 }, `${state} row`);
      equal((await backend.ingest(resultA(state, OURS))).kind, "duplicate", `ours, ${state}`);
    }
  });

  test("a binding on only one side is no conflict", async (backend) => {
    await backend.ingest(resultA("bound", OURS));
    equal((await backend.ingest(resultA("bound"))).kind, "duplicate", "a delivery without");
    await backend.ingest(resultA("free"));
    equal((await backend.ingest(resultA("free", OURS))).kind, "duplicate", "a row without");
    equal((await backend.record("free")).binding, undefined, "the row's binding after a duplicate");
  });

  test("an unrecognised delivery by another binding is a conflict", async (backend) => {
    await backend.ingest(resultA("job", OURS));
    const other = await backend.ingest({ ...unrecognized("job"), ...THEIRS });
    equal(other, { kind: "conflict", state: "leased", reason: "binding" }, "a taken row");
    await backend.ingest({ ...unrecognized("parked"), ...OURS });
    const { kind } = await backend.ingest({ ...unrecognized("parked", "[1]"), ...THEIRS });
    equal(kind, "conflict", "a parked row");
    equal((await backend.record("parked")).payload, unrecognized("parked").payload, "its payload");
  });

  test("a freed row loses the binding of its result", async (backend) => {
    const ingested = await backend.ingest(resultA("job", THEIRS));
    ok(ingested.kind === "leased", "a lease");
    const error = "unknown_job";
    await backend.store.settle(ingested.lease, { to: "dead", error, free: true });
    equal((await backend.record("job")).binding, undefined, "the freed row's binding");
    const taken = await backend.ingest(resultA("job", OURS));
    equal(taken.kind === "leased" && taken.lease.binding, OURS.binding, "the next lease's binding");
  });

  test(
    "an expected job accepts a result only from its own URL",
    async (backend) => {
      await backend.expect("job", OURS);
      for (const forged of [resultA("job", THEIRS), { ...unrecognized("job"), ...THEIRS }]) {
        const conflict = { kind: "conflict", state: "expected", reason: "binding" };
        equal(await backend.ingest(forged), conflict, "theirs");
      }
      const { state, conflicts } = await backend.record("job");
      equal({ state, conflicts }, { state: "expected", conflicts: 2 }, "the record");
      equal((await backend.ingest(resultA("job", OURS))).kind, "leased", "ours");
    },
    { needs: ["expectedJobs"] },
  );

  test(
    "a freed job that was expected keeps the binding it was expected with",
    async (backend) => {
      await backend.expect("job", OURS);
      const lease = await backend.leased("job");
      await backend.store.settle(lease, { to: "dead", error: "unknown_job", free: true });
      equal((await backend.record("job")).binding, OURS.binding, "the binding");
      equal((await backend.ingest(resultA("job", THEIRS))).kind, "conflict", "theirs");
    },
    { needs: ["expectedJobs"] },
  );

  test(
    "expecting a parked job binds it to the expected URL",
    async (backend) => {
      await backend.ingest({ ...unrecognized("job"), ...THEIRS });
      equal(await backend.expect("job", OURS), "expected", "expect");
      equal((await backend.record("job")).binding, OURS.binding, "the binding");
      equal((await backend.ingest(resultA("job", THEIRS))).kind, "conflict", "theirs");
      equal((await backend.ingest(resultA("job", OURS))).kind, "leased", "ours");
    },
    { needs: ["expectedJobs"] },
  );

  test(
    "a result of another URL makes expect answer contested in every state, and stays",
    async (backend) => {
      for (const state of await rowsInEveryState(backend, THEIRS)) {
        const before = await backend.record(state);
        equal(await backend.expect(state, OURS), "contested", `expected by ours, ${state}`);
        const after = { ...still(before), conflicts: before.conflicts + 1 };
        equal(still(await backend.record(state)), after, `the ${state} row`);
        equal(await backend.expect(state, THEIRS), "arrived", `expected by theirs, ${state}`);
        equal(await backend.expect(state), "arrived", `expected by no URL, ${state}`);
        equal(still(await backend.record(state)), after, `the ${state} row, expected again`);
        equal((await backend.ingest(resultA(state, THEIRS))).kind, "duplicate", `theirs, ${state}`);
      }
      await backend.ingest(resultA("free"));
      equal(await backend.expect("free", OURS), "arrived", "a result that came by no URL");
      equal((await backend.record("free")).conflicts, 0, "its conflicts");
      equal(await backend.claimPolls(), [], "polls");
    },
    { needs: ["expectedJobs"] },
  );

  test(
    "a job expected by two URLs accepts its result from the newer one",
    async (backend) => {
      await backend.expect("job", THEIRS);
      equal(await backend.expect("job", OURS), "expected", "expected again");
      equal(await backend.expect("job"), "expected", "expected by no URL");
      equal((await backend.record("job")).binding, OURS.binding, "the binding");
      equal((await backend.ingest(resultA("job", THEIRS))).kind, "conflict", "by the older");
      equal((await backend.ingest(resultA("job", OURS))).kind, "leased", "by the newer");
    },
    { needs: ["expectedJobs"] },
  );

  test(
    "a poll lease has the binding of its job",
    async (backend) => {
      await backend.expect("bound", { ...OURS, poll: 0 });
      equal((await backend.claimPoll()).binding, OURS.binding, "with one");
      await backend.expect("free", { poll: 0 });
      equal((await backend.claimPoll()).binding, undefined, "without");
    },
    { needs: ["expectedJobs"] },
  );
}
