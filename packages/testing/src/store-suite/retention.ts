import { equal, ok } from "../assert.ts";
import type { TestCase } from "./cases.ts";
import { resultA, resultB, unrecognized } from "./samples.ts";

/** Rule 4: what was accepted is remembered as long as was said, and no longer. */
export function retentionTests(test: TestCase): void {
  test(
    "a done row answers duplicates until doneTtlMs, then the job is new",
    async (rig) => {
      await rig.store.settle(await rig.leased("job"), { to: "done" });
      await rig.store.settle(await rig.leased("dead"), { to: "dead", error: "x" });
      await rig.elapse(5);
      const again = await rig.ingest(resultA("job"));
      equal(again, { kind: "duplicate", state: "done" }, "within the retention");
      await rig.elapse(6);
      equal(await rig.store.get("job"), undefined, "the row after it");
      equal((await rig.record("dead")).state, "dead", "a dead row, which is kept longer");
      equal((await rig.leased("job")).attempt, 1, "the attempt of a new life");
    },
    { boot: { doneTtl: 10, deadTtl: 6_000 } },
  );

  test(
    "a dead row is kept until deadTtlMs, then the job is new",
    async (rig) => {
      const error = "exhausted";
      await rig.store.settle(await rig.leased("job"), { to: "dead", error });
      await rig.store.settle(await rig.leased("done"), { to: "done" });
      await rig.ingest(unrecognized("parked"));
      await rig.elapse(5);
      equal((await rig.ingest(resultA("job"))).kind, "duplicate", "within the retention");
      equal((await rig.record("parked")).state, "dead", "a parked row within it");
      await rig.elapse(6);
      equal(await rig.store.get("job"), undefined, "the row after it");
      equal(await rig.store.get("parked"), undefined, "the parked row after it");
      equal((await rig.record("done")).state, "done", "a done row, which is kept longer");
      equal((await rig.ingest(resultB("job"))).kind, "leased", "another result for it");
    },
    { boot: { doneTtl: 6_000, deadTtl: 10 } },
  );

  test(
    "rows that are not done or dead outlive every retention",
    async (rig) => {
      await rig.leased("leased", 6_000);
      await rig.ingest(resultA("pending"), 0);
      await rig.elapse(4);
      equal(await rig.store.prune({ limit: 100 }), 0, "rows pruned");
      equal((await rig.record("leased")).state, "leased", "a leased row");
      equal((await rig.claimOne()).jobId, "pending", "a pending row");
    },
    { boot: { doneTtl: 2, deadTtl: 2 } },
  );

  test(
    "an expected row outlives every retention",
    async (rig) => {
      await rig.expect("job");
      await rig.elapse(4);
      await rig.store.prune({ limit: 100 });
      equal((await rig.record("job")).state, "expected", "the state");
    },
    { needs: ["expectedJobs"], boot: { doneTtl: 2, deadTtl: 2 } },
  );

  test(
    "retention counts from the settling, not from the arrival",
    async (rig) => {
      const lease = await rig.leased("job");
      await rig.elapse(12);
      await rig.store.settle(lease, { to: "done" });
      await rig.elapse(5);
      equal((await rig.record("job")).state, "done", "the state");
    },
    { boot: { doneTtl: 10, deadTtl: 10 } },
  );

  test(
    "a redriven row does not end with the retention of its death",
    async (rig) => {
      await rig.store.settle(await rig.leased("job"), { to: "dead", error: "x" });
      await rig.store.redrive("job");
      await rig.elapse(4);
      await rig.store.prune({ limit: 100 });
      equal((await rig.record("job")).state, "pending", "the state");
    },
    { needs: ["deadLetters"], boot: { doneTtl: 2, deadTtl: 2 } },
  );

  test(
    "prune removes at most its limit, says how many, and leaves what is not over",
    async (rig) => {
      for (let index = 0; index < 10; index += 1) {
        const to = index < 5 ? "done" : "dead";
        await rig.store.settle(await rig.leased(`old-${index}`), { to, error: "x" });
      }
      await rig.elapse(8);
      await rig.store.settle(await rig.leased("young"), { to: "done" });
      await rig.leased("live");
      await rig.elapse(4);
      let pruned = 0;
      for (let pass = 0; pass < 5; pass += 1) {
        const count = await rig.store.prune({ limit: 3 });
        ok(count <= 3, `at most 3 pruned, got ${count}`);
        pruned += count;
      }
      ok(pruned <= 10, `at most 10 pruned in all, got ${pruned}`);
      equal(await rig.store.prune({ limit: 100 }), 0, "rows left to prune");
      equal((await rig.record("young")).state, "done", "a younger row");
      equal((await rig.record("live")).state, "leased", "a live row");
      for (let index = 0; index < 10; index += 1) {
        equal(await rig.store.get(`old-${index}`), undefined, `row ${index}`);
      }
    },
    { boot: { doneTtl: 10, deadTtl: 10 } },
  );

  test(
    "a row whose retention is over is neither listed, counted nor redriven",
    async (rig) => {
      await rig.store.settle(await rig.leased("done"), { to: "done" });
      await rig.store.settle(await rig.leased("dead"), { to: "dead", error: "x" });
      const ids = async () => (await rig.store.list({ limit: 9 })).records.map((row) => row.jobId);
      equal(await ids(), ["dead", "done"], "rows before");
      await rig.elapse(11);
      equal(await ids(), [], "rows after");
      const { done, dead } = await rig.store.stats();
      equal({ done, dead }, { done: 0, dead: 0 }, "the counts");
      equal(await rig.store.redrive("dead"), false, "redrive");
    },
    { needs: ["deadLetters"], boot: { doneTtl: 10, deadTtl: 10 } },
  );
}
