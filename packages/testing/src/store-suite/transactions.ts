import { equal, ok } from "../assert.ts";
import { confirmed, resultA, still } from "./sample-deliveries.ts";
import type { TestBackend } from "./test-backend.ts";
import type { TestCase } from "./test-case.ts";

/** `settleIn`: the job is done exactly if the transaction commits, and only under its lease. */
export function transactionTests(test: TestCase): void {
  const needs = ["transactions"] as const;

  test(
    "settleIn commits with its transaction, and rolls back with it",
    async (backend) => {
      const lease = await backend.leased("job");
      const before = still(await backend.record("job"));
      const thrown = new Error("constraint");
      const end = await transaction(backend, async (tx) => {
        equal(await backend.store.settleIn(tx, lease), true, "settleIn before the rollback");
        throw thrown;
      }).catch((error: unknown) => error);
      ok(end === thrown, "the harness to pass the error on");
      equal(still(await backend.record("job")), before, "the row after the rollback");
      await transaction(backend, async (tx) => {
        equal(await backend.store.settleIn(tx, lease), true, "settleIn before the commit");
      });
      equal((await backend.record("job")).state, "done", "the state after the commit");
      equal(await backend.store.settle(lease, { to: "done" }), false, "a settle after the commit");
    },
    { needs },
  );

  test(
    "settleIn under an old fence returns false and changes nothing",
    async (backend) => {
      const old = await backend.leased("job");
      await backend.store.settle(old, { to: "release" });
      const lease = await backend.claimOne();
      const before = still(await backend.record("job"));
      await transaction(backend, async (tx) => {
        equal(await backend.store.settleIn(tx, old), false, "settleIn by the old lease");
      });
      equal(still(await backend.record("job")), before, "the row");
      await transaction(backend, async (tx) => {
        equal(await backend.store.settleIn(tx, lease), true, "settleIn by the new lease");
      });
      equal((await backend.record("job")).state, "done", "the state");
    },
    { needs },
  );

  test(
    "settleIn twice in one transaction settles once, and the next transaction gets false",
    async (backend) => {
      const lease = await backend.leased("job");
      await transaction(backend, async (tx) => {
        equal(await backend.store.settleIn(tx, lease), true, "the first call");
        equal(await backend.store.settleIn(tx, lease), true, "the second call");
      });
      const before = still(await backend.record("job"));
      equal(before.state, "done", "the state");
      await transaction(backend, async (tx) => {
        equal(await backend.store.settleIn(tx, lease), false, "a call in the next transaction");
      });
      equal(still(await backend.record("job")), before, "the row");
    },
    { needs },
  );

  test(
    "settleIn after the end of its transaction is refused",
    async (backend) => {
      const lease = await backend.leased("job");
      const before = still(await backend.record("job"));
      let ended: unknown;
      await transaction(backend, async (tx) => void (ended = tx));
      const refused = await backend.store.settleIn(ended, lease).then(
        () => false,
        () => true,
      );
      equal(refused, true, "settleIn rejects");
      equal(still(await backend.record("job")), before, "the row");
    },
    { needs },
  );

  test(
    "settleIn with a result replaces the result of the row",
    async (backend) => {
      const lease = await backend.leased("job");
      await transaction(backend, async (tx) => {
        equal(await backend.store.settleIn(tx, lease, confirmed), true, "settleIn");
      });
      const again = await backend.ingest(resultA("job", { fingerprint: confirmed.fingerprint }));
      equal(again, { kind: "duplicate", state: "done" }, "the confirmed result");
      equal((await backend.ingest(resultA("job"))).kind, "conflict", "the result it replaced");
    },
    { needs },
  );
}

/** Runs `work` in a transaction of the harness. */
function transaction(
  { harness }: TestBackend,
  work: (tx: unknown) => Promise<void>,
): Promise<void> {
  ok(harness.transaction, "the harness to have `transaction`");
  return harness.transaction(work);
}
