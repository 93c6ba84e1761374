import { equal, ok } from "../assert.ts";
import type { TestCase } from "./cases.ts";
import { resultA, resultB, rowsInEveryState, still } from "./samples.ts";

/** Rules 4 and 6: the first result is kept, an equal one changes nothing, another is counted. */
export function ingestTests(test: TestCase): void {
  test("a new result is leased", async (rig) => {
    const { fence, receivedAtMs, ...rest } = await rig.leased("job");
    const { jobId, payload, source, fingerprint } = resultA("job");
    equal(rest, { jobId, payload, source, fingerprint, attempt: 1 }, "the lease");
    ok(fence > 0, `a fence above 0, got ${fence}`);
    ok(receivedAtMs >= 0, `a receivedAtMs, got ${receivedAtMs}`);
    equal(
      still(await rig.record("job")),
      {
        jobId,
        payload,
        source,
        state: "leased",
        attempts: 1,
        fence,
        conflicts: 0,
        receivedAtMs,
      },
      "the record",
    );
  });

  test("with leaseMs 0 it is stored, due now and untried", async (rig) => {
    equal(await rig.ingest(resultA("job"), 0), { kind: "stored" }, "ingest");
    const { state, attempts } = await rig.record("job");
    equal({ state, attempts }, { state: "pending", attempts: 0 }, "the record");
    equal(await rig.store.nextDueInMs(), 0, "nextDueInMs");
    equal((await rig.claimOne()).attempt, 1, "the attempt");
  });

  test("an equal delivery is a duplicate in every state and changes nothing", async (rig) => {
    for (const state of await rowsInEveryState(rig)) {
      const before = await rig.record(state);
      for (const lease of [60, 0]) {
        const again = await rig.ingest(resultA(state, { payload: "{}", source: "poll" }), lease);
        equal(again, { kind: "duplicate", state }, `the repeat with lease ${lease}`);
      }
      equal(still(await rig.record(state)), still(before), `the ${state} row`);
    }
  });

  test("another result is a conflict in every state and moves only its counter", async (rig) => {
    for (const state of await rowsInEveryState(rig)) {
      const before = await rig.record(state);
      for (const lease of [60, 0]) {
        const other = await rig.ingest(resultB(state), lease);
        equal(other, { kind: "conflict", state, reason: "result" }, `B with lease ${lease}`);
      }
      equal(still(await rig.record(state)), { ...still(before), conflicts: 2 }, `${state} row`);
      equal((await rig.ingest(resultA(state))).kind, "duplicate", `A again, ${state}`);
    }
  });

  test("a conflict does not end a lease", async (rig) => {
    const lease = await rig.leased("job");
    await rig.ingest(resultB("job"));
    equal(await rig.store.settle(lease, { to: "done" }), true, "settle by its holder");
  });

  test("a repeat does not bring a backoff forward", async (rig) => {
    const lease = await rig.leased("job");
    await rig.store.settle(lease, { to: "retry", delayMs: rig.ms(60), error: "busy" });
    await rig.ingest(resultA("job"));
    equal(await rig.claim(), [], "rows claimed");
  });

  test("jobs do not meet", async (rig) => {
    await rig.leased("one");
    equal((await rig.ingest(resultB("two"))).kind, "leased", "another job's result");
    equal((await rig.record("one")).conflicts, 0, "conflicts");
  });

  test(
    "at maxLive a new job is refused and no row in flight gives way",
    async (rig) => {
      const leases = [await rig.leased("1"), await rig.leased("2")];
      await rig.ingest(resultA("3"), 0);
      for (const lease of [60, 0]) {
        equal(await rig.ingest(resultA("4"), lease), { kind: "full" }, "the fourth job");
      }
      equal(await rig.store.get("4"), undefined, "the fourth row");
      equal(await rig.ingest(resultA("1")), { kind: "duplicate", state: "leased" }, "a repeat");
      for (const lease of leases) {
        equal(await rig.store.settle(lease, { to: "retry", delayMs: 0, error: "x" }), true, "mine");
      }
      equal((await rig.claim()).length, 3, "rows still claimable");
    },
    { needs: ["bounded"], boot: { maxLive: 3 } },
  );

  test(
    "done jobs do not count as live",
    async (rig) => {
      for (const jobId of ["1", "2", "3", "4"]) {
        equal(await rig.store.settle(await rig.leased(jobId), { to: "done" }), true, jobId);
      }
      await rig.leased("5");
      equal((await rig.ingest(resultA("6"))).kind, "full", "a second live job");
    },
    { needs: ["bounded"], boot: { maxLive: 1 } },
  );
}
