import { equal, ok } from "../assert.ts";
import type { TestCase } from "./cases.ts";
import { resultA, rowsInEveryState, still, unrecognized } from "./samples.ts";

const OURS = { binding: "nonce-1.ref" };
const THEIRS = { binding: "nonce-2.ref" };

/** Rule 11: a URL that was minted for one job delivers no other. */
export function bindingTests(test: TestCase): void {
  test("the binding a result came by stands on lease and record", async (rig) => {
    const ingested = await rig.ingest(resultA("job", OURS), 1);
    equal(ingested.kind === "leased" && ingested.lease.binding, OURS.binding, "by ingest");
    equal((await rig.record("job")).binding, OURS.binding, "by get");
    await rig.elapse(2);
    equal((await rig.claimOne()).binding, OURS.binding, "by claim");
  });

  test("an equal result by another binding is a conflict in every state", async (rig) => {
    for (const state of await rowsInEveryState(rig, OURS)) {
      const before = await rig.record(state);
      const other = await rig.ingest(resultA(state, THEIRS));
      equal(other, { kind: "conflict", state, reason: "binding" }, `theirs, ${state}`);
      equal(still(await rig.record(state)), { ...still(before), conflicts: 1 }, `${state} row`);
      equal((await rig.ingest(resultA(state, OURS))).kind, "duplicate", `ours, ${state}`);
    }
  });

  test("a binding on one side alone is no conflict", async (rig) => {
    await rig.ingest(resultA("bound", OURS));
    equal((await rig.ingest(resultA("bound"))).kind, "duplicate", "a delivery without");
    await rig.ingest(resultA("free"));
    equal((await rig.ingest(resultA("free", OURS))).kind, "duplicate", "a row without");
    equal((await rig.record("free")).binding, undefined, "the row's binding after a duplicate");
  });

  test("an unrecognised delivery by another binding is a conflict", async (rig) => {
    await rig.ingest(resultA("job", OURS));
    const other = await rig.ingest({ ...unrecognized("job"), ...THEIRS });
    equal(other, { kind: "conflict", state: "leased", reason: "binding" }, "a taken row");
    await rig.ingest({ ...unrecognized("parked"), ...OURS });
    const { kind } = await rig.ingest({ ...unrecognized("parked", "[1]"), ...THEIRS });
    equal(kind, "conflict", "a parked row");
    equal((await rig.record("parked")).payload, unrecognized("parked").payload, "its payload");
  });

  test("a freed row forgets the binding it was taken by", async (rig) => {
    const ingested = await rig.ingest(resultA("job", THEIRS));
    ok(ingested.kind === "leased", "a lease");
    const error = "unknown_job";
    await rig.store.settle(ingested.lease, { to: "dead", error, free: true });
    equal((await rig.record("job")).binding, undefined, "the freed row's binding");
    const taken = await rig.ingest(resultA("job", OURS));
    equal(taken.kind === "leased" && taken.lease.binding, OURS.binding, "the next lease's binding");
  });

  test(
    "an expected job is delivered by its own URL alone",
    async (rig) => {
      await rig.expect("job", OURS);
      for (const forged of [resultA("job", THEIRS), { ...unrecognized("job"), ...THEIRS }]) {
        const conflict = { kind: "conflict", state: "expected", reason: "binding" };
        equal(await rig.ingest(forged), conflict, "theirs");
      }
      const { state, conflicts } = await rig.record("job");
      equal({ state, conflicts }, { state: "expected", conflicts: 2 }, "the record");
      equal((await rig.ingest(resultA("job", OURS))).kind, "leased", "ours");
    },
    { needs: ["expectedJobs"] },
  );

  test(
    "a freed job that was expected keeps the binding it was expected with",
    async (rig) => {
      await rig.expect("job", OURS);
      const lease = await rig.leased("job");
      await rig.store.settle(lease, { to: "dead", error: "unknown_job", free: true });
      equal((await rig.record("job")).binding, OURS.binding, "the binding");
      equal((await rig.ingest(resultA("job", THEIRS))).kind, "conflict", "theirs");
    },
    { needs: ["expectedJobs"] },
  );

  test(
    "expecting a parked job binds it to the expected URL",
    async (rig) => {
      await rig.ingest({ ...unrecognized("job"), ...THEIRS });
      equal(await rig.expect("job", OURS), "expected", "expect");
      equal((await rig.record("job")).binding, OURS.binding, "the binding");
      equal((await rig.ingest(resultA("job", THEIRS))).kind, "conflict", "theirs");
      equal((await rig.ingest(resultA("job", OURS))).kind, "leased", "ours");
    },
    { needs: ["expectedJobs"] },
  );

  test(
    "a poll knows the binding of its job",
    async (rig) => {
      await rig.expect("bound", { ...OURS, poll: 0 });
      equal((await rig.claimPoll()).binding, OURS.binding, "with one");
      await rig.expect("free", { poll: 0 });
      equal((await rig.claimPoll()).binding, undefined, "without");
    },
    { needs: ["expectedJobs"] },
  );
}
