import type { Settlement } from "@abstrakt-webhooks/core";
import { equal, ok } from "../assert.ts";
import type { TestCase } from "./test-case.ts";
import { confirmed, resultA, resultB, settlements, still } from "./sample-deliveries.ts";

/** Rules 2, 3, 8 and 10: every settlement works, and an old fence changes nothing. */
export function settleTests(test: TestCase): void {
  test("done settles a job once, and the job is never claimed again", async (backend) => {
    const lease = await backend.leased("job");
    equal(await backend.store.settle(lease, { to: "done" }), true, "the first settle");
    for (const settlement of settlements(1)) {
      equal(await backend.store.settle(lease, settlement), false, `${settlement.to} after done`);
    }
    const { state, settledAtMs, dueInMs, error } = await backend.record("job");
    equal({ state, dueInMs, error }, { state: "done" }, "the record");
    ok(settledAtMs !== undefined, "a settledAtMs");
    equal(await backend.claim(), [], "rows claimed");
  });

  test("done with a result replaces the result of the row", async (backend) => {
    const lease = await backend.leased("job");
    await backend.store.settle(lease, { to: "done", result: confirmed });
    const again = await backend.ingest(resultA("job", { fingerprint: confirmed.fingerprint }));
    equal(again, { kind: "duplicate", state: "done" }, "the confirmed result");
    equal((await backend.ingest(resultA("job"))).kind, "conflict", "the result it replaced");
    const { payload } = await backend.record("job");
    ok(payload === undefined || payload === confirmed.payload, "the confirmed payload, or none");
  });

  test("retry makes the row pending with its error, due after the delay", async (backend) => {
    const lease = await backend.leased("job");
    const delayMs = backend.ms(50);
    equal(
      await backend.store.settle(lease, { to: "retry", delayMs, error: "busy" }),
      true,
      "retry",
    );
    const { state, error, attempts, dueInMs = 0 } = await backend.record("job");
    equal({ state, error, attempts }, { state: "pending", error: "busy", attempts: 1 }, "record");
    ok(dueInMs > 0 && dueInMs <= delayMs, `due within ${delayMs} ms, got ${dueInMs}`);
    await backend.store.settle(await backend.claimOne("job"), { to: "done" });
    equal((await backend.record("job")).error, undefined, "the error once it is done");
  });

  test("dead keeps the row with its error and payload, and the row is never claimed", async (backend) => {
    const lease = await backend.leased("job");
    equal(await backend.store.settle(lease, { to: "dead", error: "exhausted" }), true, "dead");
    const { state, error, payload, dueInMs, settledAtMs } = await backend.record("job");
    equal(
      { state, error, payload, dueInMs },
      { state: "dead", error: "exhausted", payload: resultA("job").payload },
      "the record",
    );
    ok(settledAtMs !== undefined, "a settledAtMs");
    equal(await backend.claim(), [], "rows claimed");
  });

  test("dead with free: true keeps the row's fence, and the next result replaces the row", async (backend) => {
    const lease = await backend.leased("job");
    await backend.ingest(resultB("job"));
    await backend.store.settle(lease, { to: "dead", error: "unknown_job", free: true });
    equal((await backend.record("job")).state, "dead", "the state of a freed row");
    const taken = await backend.ingest(resultB("job"));
    ok(taken.kind === "leased", `a lease, not ${taken.kind}`);
    equal(taken.lease.attempt, 1, "the attempt");
    equal(taken.lease.payload, resultB("job").payload, "the payload");
    ok(taken.lease.fence > lease.fence, `a fence above ${lease.fence}, got ${taken.lease.fence}`);
    const { conflicts, error, settledAtMs } = await backend.record("job");
    equal({ conflicts, error, settledAtMs }, { conflicts: 1 }, "the record");
    equal(await backend.store.settle(lease, { to: "done" }), false, "settle by the old lease");
  });

  test("release makes the row due at once and counts no attempt", async (backend) => {
    const lease = await backend.leased("job");
    equal(await backend.store.settle(lease, { to: "release" }), true, "release");
    equal((await backend.record("job")).attempts, 0, "attempts");
    equal(await backend.store.nextDueInMs(), 0, "nextDueInMs");
    const again = await backend.claimOne();
    equal(again.attempt, 1, "the attempt");
    ok(again.fence > lease.fence, `a fence above ${lease.fence}, got ${again.fence}`);
  });

  test("release with a delay makes the row due after the delay, with its error, and counts no attempt", async (backend) => {
    const lease = await backend.leased("job");
    const delayMs = backend.ms(50);
    const settlement = { to: "release", delayMs, error: "still running" } as const;
    equal(await backend.store.settle(lease, settlement), true, "release");
    const { state, error, attempts, dueInMs = 0 } = await backend.record("job");
    const expected = { state: "pending", error: "still running", attempts: 0 };
    equal({ state, error, attempts }, expected, "record");
    ok(dueInMs > 0 && dueInMs <= delayMs, `due within ${delayMs} ms, got ${dueInMs}`);
    const again = await backend.claimOne("job");
    equal(again.attempt, 1, "the attempt");
    await backend.store.settle(again, { to: "release" });
    equal((await backend.record("job")).error, "still running", "the error after another release");
  });

  test("an error text that a backend may be unable to hold still ends the lease", async (backend) => {
    const error = "caf\u00e9 \u{1F4A5} \u0000 \ud800 end";
    const worded: Settlement[] = [
      { to: "retry", delayMs: backend.ms(50), error },
      { to: "release", delayMs: backend.ms(50), error },
      { to: "dead", error },
      { to: "done", result: { payload: JSON.stringify([error]), fingerprint: "1-words" } },
    ];
    for (const settlement of worded) {
      const lease = await backend.leased(settlement.to);
      equal(await backend.store.settle(lease, settlement), true, settlement.to);
      const { state, error: words = "" } = await backend.record(settlement.to);
      if (settlement.to === "done") equal(state, "done", "the state");
      else ok(words.endsWith("end"), `words that end as they came, got ${JSON.stringify(words)}`);
    }
  });

  test("extend lengthens the lease under the same fence", async (backend) => {
    const lease = await backend.leased("job", 4);
    await backend.elapse(1);
    equal(
      await backend.store.settle(lease, { to: "extend", leaseMs: backend.ms(10) }),
      true,
      "extend",
    );
    await backend.elapse(5);
    equal(await backend.claim(), [], "rows claimed past the first end");
    const { state, attempts, fence } = await backend.record("job");
    equal({ state, attempts, fence }, { state: "leased", attempts: 1, fence: lease.fence }, "row");
    await backend.elapse(6);
    equal((await backend.claimOne()).attempt, 2, "the attempt past the second end");
  });

  test("an old lease settles nothing once the job is leased again", async (backend) => {
    const old = await backend.leased("job", 1);
    await backend.elapse(2);
    const holder = await backend.claimOne();
    const before = await backend.record("job");
    for (const settlement of settlements(1)) {
      equal(
        await backend.store.settle(old, settlement),
        false,
        `${settlement.to} by the old lease`,
      );
    }
    equal(still(await backend.record("job")), still(before), "the row");
    equal(await backend.store.settle(holder, { to: "done" }), true, "done by the holder");
  });

  test("a settle after the end of its lease is accepted if the job was not claimed since", async (backend) => {
    const lease = await backend.leased("job", 1);
    await backend.elapse(2);
    equal(await backend.store.settle(lease, { to: "done" }), true, "done");
  });

  test("a settle is refused under a released, retried or future fence", async (backend) => {
    const lease = await backend.leased("job");
    const ahead = { jobId: "job", fence: lease.fence + 1 };
    equal(await backend.store.settle(ahead, { to: "done" }), false, "a fence of the future");
    await backend.store.settle(lease, { to: "release" });
    equal(await backend.store.settle(lease, { to: "done" }), false, "a released lease");
    const second = await backend.claimOne();
    await backend.store.settle(second, { to: "retry", delayMs: 0, error: "busy" });
    equal(await backend.store.settle(second, { to: "done" }), false, "a lease that was retried");
    equal(
      await backend.store.settle({ jobId: "nobody", fence: 1 }, { to: "done" }),
      false,
      "no row",
    );
  });

  test("a settled row has the times of its arrival and its settlement, in milliseconds", async (backend) => {
    const lease = await backend.leased("job");
    await backend.elapse(4);
    await backend.store.settle(lease, { to: "done" });
    const { receivedAtMs = Number.NaN, settledAtMs = Number.NaN } = await backend.record("job");
    const later = await backend.leased("later");
    for (const passedMs of [settledAtMs - receivedAtMs, later.receivedAtMs - lease.receivedAtMs]) {
      // In seconds it would be a thousandth of a unit, and in microseconds thousands of units.
      const isRight = passedMs >= backend.ms(3.5) && passedMs < backend.ms(2_000);
      ok(isRight, `4 units of ${backend.ms(1)} ms between two times, got ${passedMs} ms`);
    }
  });
}
