import { equal, ok } from "../assert.ts";
import type { TestCase } from "./test-case.ts";
import { resultA, resultB, unrecognized } from "./sample-deliveries.ts";

/** Rule 4: a settled row stays exactly until its retention ends. */
export function retentionTests(test: TestCase): void {
  test(
    "a done row answers duplicates until doneTtlMs, then the job is new",
    async (backend) => {
      await backend.store.settle(await backend.leased("job"), { to: "done" });
      await backend.store.settle(await backend.leased("dead"), { to: "dead", error: "x" });
      await backend.elapse(5);
      const again = await backend.ingest(resultA("job"));
      equal(again, { kind: "duplicate", state: "done" }, "within the retention");
      await backend.elapse(6);
      equal(await backend.store.get("job"), undefined, "the row after it");
      equal((await backend.record("dead")).state, "dead", "a dead row, which is kept longer");
      equal((await backend.leased("job")).attempt, 1, "the attempt of a new life");
    },
    { boot: { doneTtl: 10, deadTtl: 6_000 } },
  );

  test(
    "a dead row is kept until deadTtlMs, then the job is new",
    async (backend) => {
      const error = "exhausted";
      await backend.store.settle(await backend.leased("job"), { to: "dead", error });
      await backend.store.settle(await backend.leased("done"), { to: "done" });
      await backend.ingest(unrecognized("parked"));
      await backend.elapse(5);
      equal((await backend.ingest(resultA("job"))).kind, "duplicate", "within the retention");
      equal((await backend.record("parked")).state, "dead", "a parked row within it");
      await backend.elapse(6);
      equal(await backend.store.get("job"), undefined, "the row after it");
      equal(await backend.store.get("parked"), undefined, "the parked row after it");
      equal((await backend.record("done")).state, "done", "a done row, which is kept longer");
      equal((await backend.ingest(resultB("job"))).kind, "leased", "another result for it");
    },
    { boot: { doneTtl: 6_000, deadTtl: 10 } },
  );

  test(
    "rows that are not done or dead outlive every retention",
    async (backend) => {
      await backend.leased("leased", 6_000);
      await backend.ingest(resultA("pending"), 0);
      await backend.elapse(4);
      equal(await backend.store.prune({ limit: 100 }), 0, "rows pruned");
      equal((await backend.record("leased")).state, "leased", "a leased row");
      equal((await backend.claimOne()).jobId, "pending", "a pending row");
    },
    { boot: { doneTtl: 2, deadTtl: 2 } },
  );

  test(
    "an expected row outlives every retention",
    async (backend) => {
      await backend.expect("job");
      await backend.elapse(4);
      await backend.store.prune({ limit: 100 });
      equal((await backend.record("job")).state, "expected", "the state");
    },
    { needs: ["expectedJobs"], boot: { doneTtl: 2, deadTtl: 2 } },
  );

  test(
    "retention begins at the settlement, not at the arrival",
    async (backend) => {
      const lease = await backend.leased("job");
      await backend.elapse(12);
      await backend.store.settle(lease, { to: "done" });
      await backend.elapse(5);
      equal((await backend.record("job")).state, "done", "the state");
    },
    { boot: { doneTtl: 10, deadTtl: 10 } },
  );

  test(
    "a redriven row outlives the retention that it had as dead",
    async (backend) => {
      await backend.store.settle(await backend.leased("job"), { to: "dead", error: "x" });
      await backend.store.redrive("job");
      await backend.elapse(4);
      await backend.store.prune({ limit: 100 });
      equal((await backend.record("job")).state, "pending", "the state");
    },
    { needs: ["deadLetters"], boot: { doneTtl: 2, deadTtl: 2 } },
  );

  test(
    "prune removes at most its limit, returns the number, and keeps rows within retention",
    async (backend) => {
      for (let index = 0; index < 10; index += 1) {
        const to = index < 5 ? "done" : "dead";
        await backend.store.settle(await backend.leased(`old-${index}`), { to, error: "x" });
      }
      await backend.elapse(8);
      await backend.store.settle(await backend.leased("young"), { to: "done" });
      await backend.leased("live");
      await backend.elapse(4);
      let pruned = 0;
      for (let pass = 0; pass < 5; pass += 1) {
        const count = await backend.store.prune({ limit: 3 });
        ok(count <= 3, `at most 3 pruned, got ${count}`);
        pruned += count;
      }
      ok(pruned <= 10, `at most 10 pruned in all, got ${pruned}`);
      equal(await backend.store.prune({ limit: 100 }), 0, "rows left to prune");
      equal((await backend.record("young")).state, "done", "a younger row");
      equal((await backend.record("live")).state, "leased", "a live row");
      for (let index = 0; index < 10; index += 1) {
        equal(await backend.store.get(`old-${index}`), undefined, `row ${index}`);
      }
    },
    { boot: { doneTtl: 10, deadTtl: 10 } },
  );

  test(
    "a row whose retention has ended is neither listed, counted nor redriven",
    async (backend) => {
      await backend.store.settle(await backend.leased("done"), { to: "done" });
      await backend.store.settle(await backend.leased("dead"), { to: "dead", error: "x" });
      const ids = async () =>
        (await backend.store.list({ limit: 9 })).records.map((row) => row.jobId);
      equal(await ids(), ["dead", "done"], "rows before");
      await backend.elapse(11);
      equal(await ids(), [], "rows after");
      const { done, dead } = await backend.store.stats();
      equal({ done, dead }, { done: 0, dead: 0 }, "the counts");
      equal(await backend.store.redrive("dead"), false, "redrive");
    },
    { needs: ["deadLetters"], boot: { doneTtl: 10, deadTtl: 10 } },
  );
}
