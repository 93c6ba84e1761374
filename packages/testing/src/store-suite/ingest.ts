import { equal, ok } from "../assert.ts";
import type { TestCase } from "./test-case.ts";
import { rowsInEveryState } from "./rows-in-every-state.ts";
import { resultA, resultB, still, unrecognized } from "./sample-deliveries.ts";

/** Rules 4 and 6: the first result stays. An equal result is a duplicate, another a conflict. */
export function ingestTests(test: TestCase): void {
  test("a new result is leased", async (backend) => {
    const { fence, receivedAtMs, ...rest } = await backend.leased("job");
    const { jobId, payload, source, fingerprint } = resultA("job");
    equal(rest, { jobId, payload, source, fingerprint, attempt: 1 }, "the lease");
    ok(fence > 0, `a fence above 0, got ${fence}`);
    ok(receivedAtMs >= 0, `a receivedAtMs, got ${receivedAtMs}`);
    equal(
      still(await backend.record("job")),
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

  test("a new result with leaseMs 0 is stored and due now, with no attempt", async (backend) => {
    equal(await backend.ingest(resultA("job"), 0), { kind: "stored" }, "ingest");
    const { state, attempts } = await backend.record("job");
    equal({ state, attempts }, { state: "pending", attempts: 0 }, "the record");
    equal(await backend.store.nextDueInMs(), 0, "nextDueInMs");
    equal((await backend.claimOne()).attempt, 1, "the attempt");
  });

  test("an equal delivery is a duplicate in every state and changes nothing", async (backend) => {
    for (const state of await rowsInEveryState(backend)) {
      const before = await backend.record(state);
      for (const lease of [60, 0]) {
        const again = await backend.ingest(
          resultA(state, { payload: "{}", source: "poll" }),
          lease,
        );
        equal(again, { kind: "duplicate", state }, `the repeat with lease ${lease}`);
      }
      equal(still(await backend.record(state)), still(before), `the ${state} row`);
    }
  });

  test("another result is a conflict in every state and changes only the counter", async (backend) => {
    for (const state of await rowsInEveryState(backend)) {
      const before = await backend.record(state);
      for (const lease of [60, 0]) {
        const other = await backend.ingest(resultB(state), lease);
        equal(other, { kind: "conflict", state, reason: "result" }, `B with lease ${lease}`);
      }
      equal(still(await backend.record(state)), { ...still(before), conflicts: 2 }, `${state} row`);
      equal((await backend.ingest(resultA(state))).kind, "duplicate", `A again, ${state}`);
    }
  });

  test("a conflict does not end a lease", async (backend) => {
    const lease = await backend.leased("job");
    await backend.ingest(resultB("job"));
    equal(await backend.store.settle(lease, { to: "done" }), true, "settle by its holder");
  });

  test("a duplicate does not shorten a backoff", async (backend) => {
    const lease = await backend.leased("job");
    await backend.store.settle(lease, { to: "retry", delayMs: backend.ms(60), error: "busy" });
    await backend.ingest(resultA("job"));
    equal(await backend.claim(), [], "rows claimed");
  });

  test("results of two jobs do not affect each other", async (backend) => {
    await backend.leased("one");
    equal((await backend.ingest(resultB("two"))).kind, "leased", "another job's result");
    equal((await backend.record("one")).conflicts, 0, "conflicts");
  });

  test(
    "at maxLive a new job is refused and no live row is removed",
    async (backend) => {
      const leases = [await backend.leased("1"), await backend.leased("2")];
      await backend.ingest(resultA("3"), 0);
      for (const lease of [60, 0]) {
        equal(await backend.ingest(resultA("4"), lease), { kind: "full" }, "the fourth job");
      }
      equal(await backend.store.get("4"), undefined, "the fourth row");
      equal(await backend.ingest(resultA("1")), { kind: "duplicate", state: "leased" }, "a repeat");
      for (const lease of leases) {
        equal(
          await backend.store.settle(lease, { to: "retry", delayMs: 0, error: "x" }),
          true,
          "mine",
        );
      }
      equal((await backend.claim()).length, 3, "rows still claimable");
    },
    { needs: ["bounded"], boot: { maxLive: 3 } },
  );

  test(
    "done jobs do not count as live",
    async (backend) => {
      for (const jobId of ["1", "2", "3", "4"]) {
        equal(await backend.store.settle(await backend.leased(jobId), { to: "done" }), true, jobId);
      }
      await backend.leased("5");
      equal((await backend.ingest(resultA("6"))).kind, "full", "a second live job");
    },
    { needs: ["bounded"], boot: { maxLive: 1 } },
  );

  test(
    "dead jobs do not count as live, and none becomes live beyond maxLive",
    async (backend) => {
      for (const jobId of ["1", "2", "3"]) {
        await backend.store.settle(await backend.leased(jobId), { to: "dead", error: "x" });
        equal((await backend.ingest(unrecognized(`odd-${jobId}`))).kind, "parked", `odd-${jobId}`);
      }
      await backend.leased("4");
      await backend.leased("5");
      equal((await backend.ingest(resultA("6"))).kind, "full", "a third live job");
      equal((await backend.ingest(resultA("odd-1"))).kind, "full", "a result of a parked job");
      equal((await backend.record("odd-1")).state, "dead", "the parked job");
    },
    { needs: ["bounded"], boot: { maxLive: 2 } },
  );

  test("a fingerprint of another version is no contradiction, in every state", async (backend) => {
    for (const state of await rowsInEveryState(backend)) {
      const before = await backend.record(state);
      const newer = resultB(state, { fingerprint: "2-bbbbbbbbbbbbbbbb" });
      equal(await backend.ingest(newer), { kind: "duplicate", state }, `of version 2, ${state}`);
      equal(still(await backend.record(state)), still(before), `the ${state} row`);
      equal((await backend.ingest(resultB(state))).kind, "conflict", `of version 1, ${state}`);
    }
  });
}
