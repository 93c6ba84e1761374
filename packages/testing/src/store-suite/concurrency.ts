import type { Delivery, Ingested } from "@abstrakt-webhooks/core";
import { equal, ok } from "../assert.ts";
import { createRaceCase, type Pick } from "./race-case.ts";
import { resultA, resultB, unrecognized } from "./sample-deliveries.ts";
import type { TestBackend } from "./test-backend.ts";
import type { TestCase } from "./test-case.ts";

const needs = ["expectedJobs"] as const;

/** Rules 1 to 3 under load: many calls of one method at once. */
export function concurrencyTests(test: TestCase): void {
  const race = createRaceCase(test);

  race("1000 identical deliveries: 1 leased, 999 duplicates", async (backend, pick) => {
    equal(
      await flood(backend, pick, 1_000, (jobId) => resultA(jobId)),
      { leased: 1, duplicate: 999 },
      "answers",
    );
    const { attempts, conflicts } = await backend.record("job");
    equal({ attempts, conflicts }, { attempts: 1, conflicts: 0 }, "the record");
  });

  race(
    "500 results A and 500 results B at once: 1 leased, its 499 duplicates, 500 conflicts",
    async (backend, pick) => {
      const either = (jobId: string, index: number) =>
        index % 4 < 2 ? resultA(jobId) : resultB(jobId);
      const answers = await flood(backend, pick, 1_000, either);
      equal(answers, { leased: 1, duplicate: 499, conflict: 500 }, "answers");
      equal((await backend.record("job")).conflicts, 500, "conflicts");
    },
  );

  race("200 equal unrecognised deliveries: 1 parked, 199 duplicates", async (backend, pick) => {
    const answers = await flood(backend, pick, 200, (jobId) => unrecognized(jobId));
    equal(answers, { parked: 1, duplicate: 199 }, "answers");
  });

  race(
    "expect and 200 webhooks at once: 1 leased, 199 duplicates",
    async (backend, pick) => {
      await backend.expect("job");
      const [answers, again] = await Promise.all([
        flood(backend, pick, 200, (jobId) => resultA(jobId)),
        backend.expect("job"),
      ]);
      equal(answers, { leased: 1, duplicate: 199 }, "answers");
      ok(again === "expected" || again === "arrived", `an answer of expect, got ${again}`);
      equal((await backend.record("job")).state, "leased", "the state");
    },
    { needs },
  );

  race("8 claimers claim each of 200 due rows once", async (backend, pick) => {
    for (let index = 0; index < 200; index += 1) await backend.ingest(resultA(`job-${index}`), 0);
    const claimed: string[] = [];
    const claimer = async (_: unknown, index: number) => {
      for (;;) {
        const o = { owner: `claimer-${index}`, leaseMs: backend.ms(6_000), limit: 7 };
        const leases = await pick(index).claim(o);
        if (leases.length === 0) return;
        claimed.push(...leases.map((lease) => lease.jobId));
      }
    };
    await Promise.all(Array.from({ length: 8 }, claimer));
    equal(claimed.length, 200, "claims");
    equal(new Set(claimed).size, 200, "rows claimed");
  });

  race("50 claims of one job by id: one gets the lease", async (backend, pick) => {
    await backend.ingest(resultA("job"), 0);
    const o = { owner: "suite", leaseMs: backend.ms(6_000), limit: 1, jobId: "job" };
    const claims = await Promise.all(
      Array.from({ length: 50 }, (_, index) => pick(index).claim(o)),
    );
    equal(claims.flat().length, 1, "leases");
  });

  race(
    "8 claimers claim each of 100 due polls once",
    async (backend, pick) => {
      for (let index = 0; index < 100; index += 1)
        await backend.expect(`job-${index}`, { poll: 0 });
      const o = { limit: 20, leaseMs: backend.ms(6_000) };
      const claims = await Promise.all(
        Array.from({ length: 8 }, (_, index) => pick(index).claimPolls(o)),
      );
      const left = await backend.claimPolls();
      const ids = [...claims.flat(), ...left].map((poll) => poll.jobId);
      equal(ids.length, 100, "claims");
      equal(new Set(ids).size, 100, "jobs polled");
    },
    { needs },
  );

  race("of 50 settles under one fence, one is accepted", async (backend, pick) => {
    const lease = await backend.leased("job");
    const settles = Array.from({ length: 50 }, (_, index) =>
      pick(index).settle(lease, index < 25 ? { to: "done" } : { to: "dead", error: "x" }),
    );
    equal((await Promise.all(settles)).filter(Boolean).length, 1, "settles that counted");
  });

  test(
    "two namespaces do not affect each other",
    async (backend) => {
      const other = await backend.harness.otherNamespace?.();
      ok(other, "another namespace");
      await backend.leased("job");
      await backend.ingest(resultA("due"), 0);
      equal(await other.get("job"), undefined, "the row in the other namespace");
      equal(await other.claim({ owner: "other", leaseMs: 100, limit: 10 }), [], "rows claimed");
      equal(await other.nextDueInMs(), undefined, "nextDueInMs");
      const { kind } = await other.ingest(resultB("job"), { owner: "other", leaseMs: 100 });
      equal(kind, "leased", "the same id in the other namespace");
      equal((await backend.record("job")).conflicts, 0, "conflicts");
      await other.close?.();
    },
    { needs: ["namespaces"] },
  );
}

/** Sends many deliveries at once and counts the outcomes by kind. */
async function flood(
  backend: TestBackend,
  pick: Pick,
  count: number,
  make: (jobId: string, index: number) => Delivery,
): Promise<Partial<Record<Ingested["kind"], number>>> {
  const o = { owner: "suite", leaseMs: backend.ms(6_000) };
  const answers = await Promise.all(
    Array.from({ length: count }, (_, index) => pick(index).ingest(make("job", index), o)),
  );
  const tally: Partial<Record<Ingested["kind"], number>> = {};
  for (const { kind } of answers) tally[kind] = (tally[kind] ?? 0) + 1;
  return tally;
}
