import type { Ingested } from "@abstrakt-webhooks/core";
import { equal } from "../assert.ts";
import { createRaceCase, type Pick } from "./race-case.ts";
import { resultA, unrecognized } from "./sample-deliveries.ts";
import type { TestBackend } from "./test-backend.ts";
import type { TestCase } from "./test-case.ts";

const JOBS = Array.from({ length: 50 }, (_, index) => `job-${index}`);

/**
 * Two methods change the same row at once. A store that reads the row, decides and then writes it
 * without a lock loses what the other method wrote in between.
 */
export function interleavingTests(test: TestCase): void {
  const race = createRaceCase(test);

  race(
    "a result that arrives while a poll of its job gives up is kept",
    async (backend, pick) => {
      await Promise.all(JOBS.map((jobId) => backend.expect(jobId, { poll: 0, giveUp: 0 })));
      const polls = new Map((await backend.claimPolls()).map((poll) => [poll.jobId, poll]));
      equal(polls.size, JOBS.length, "polls");
      const giveUp: Call<boolean> = (store, jobId) =>
        store.settlePoll(polls.get(jobId) ?? { jobId, fence: 0 }, { giveUp: "never_delivered" });
      await expectKept(backend, await interleave(pick, ingestInto(backend), giveUp));
    },
    { needs: ["expectedJobs"] },
  );

  race(
    "a result that arrives while a parked payload of its job is redriven is kept",
    async (backend, pick) => {
      await Promise.all(JOBS.map((jobId) => backend.ingest(unrecognized(jobId))));
      const redrive: Call<boolean> = (store, jobId) => store.redrive(jobId);
      await expectKept(backend, await interleave(pick, ingestInto(backend), redrive));
    },
    { needs: ["deadLetters"] },
  );

  race(
    "a result that arrives while prune removes the old row of its job is kept",
    async (backend, pick) => {
      const settleNew = async (jobId: string) =>
        backend.store.settle(await backend.leased(jobId), { to: "done" });
      await Promise.all(JOBS.map(settleNew));
      await backend.elapse(4);
      const prune = async (index: number) => {
        for (let pass = 0; pass < 5; pass += 1) await pick(index).prune({ limit: 10 });
      };
      const ingest = ingestInto(backend);
      const [, answers] = await Promise.all([
        prune(0),
        Promise.all(JOBS.map(async (jobId, n) => [await ingest(pick(n), jobId, n)] as const)),
        prune(1),
      ]);
      await expectKept(backend, answers);
    },
    { boot: { doneTtl: 2, deadTtl: 2 } },
  );

  race("a lease that has ended is either settled or claimed again", async (backend, pick) => {
    const held = new Map<string, number>();
    const hold = async (jobId: string) => held.set(jobId, (await backend.leased(jobId, 1)).fence);
    await Promise.all(JOBS.map(hold));
    await backend.elapse(2);
    const o = { owner: "suite", leaseMs: backend.ms(6_000) };
    const answers = await interleave(
      pick,
      (store, jobId) => store.settle({ jobId, fence: held.get(jobId) ?? 0 }, { to: "done" }),
      (store, jobId, index) =>
        store.claim(index % 5 === 0 ? { ...o, limit: 2 } : { ...o, limit: 1, jobId }),
    );
    const leases = answers.flatMap(([, claimed]) => claimed);
    const rows = await Promise.all(JOBS.map((jobId) => backend.record(jobId)));
    for (const [index, [isSettled]] of answers.entries()) {
      const jobId = JOBS[index] ?? "";
      const own = leases.filter((lease) => lease.jobId === jobId);
      const after = `${jobId} after settle answered ${isSettled}`;
      equal(own.length, isSettled ? 0 : 1, `leases of ${after}`);
      const fence = own[0]?.fence ?? held.get(jobId);
      const row = { state: rows[index]?.state, fence: rows[index]?.fence };
      equal(row, { state: isSettled ? "done" : "leased", fence }, `the row of ${after}`);
    }
  });
}

type Call<Answer> = (store: TestBackend["store"], jobId: string, index: number) => Promise<Answer>;

/**
 * Calls two methods at once for each job. Each method is the first for half of the jobs, and the
 * second call begins at once or after up to two reads of the row.
 */
const interleave = <One, Other>(
  pick: Pick,
  one: Call<One>,
  other: Call<Other>,
): Promise<[One, Other][]> =>
  Promise.all(
    JOBS.map(async (jobId, index) => {
      const callOne = () => one(pick(0), jobId, index);
      const callOther = () => other(pick(1), jobId, index);
      const later = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
        const reads = Math.floor(index / 2) % 3;
        for (let read = 0; read < reads; read += 1) await pick(1).get(jobId);
        return call();
      };
      if (index % 2 === 0) return Promise.all([callOne(), later(callOther)]);
      const first = callOther();
      return Promise.all([later(callOne), first]);
    }),
  );

/** Stores every fifth result without a lease. */
const isStored = (index: number) => index % 5 === 0;

const ingestInto =
  (backend: TestBackend): Call<Ingested> =>
  (store, jobId, index) => {
    const leaseMs = isStored(index) ? 0 : backend.ms(6_000);
    return store.ingest(resultA(jobId), { owner: "suite", leaseMs });
  };

/** Fails unless the store answered that it has each result, and each row still has it. */
async function expectKept(
  backend: TestBackend,
  answers: readonly (readonly [Ingested, ...unknown[]])[],
): Promise<void> {
  const rows = await Promise.all(JOBS.map((jobId) => backend.record(jobId)));
  const leases = new Map((await backend.claim()).map((lease) => [lease.jobId, lease]));
  for (const [index, [ingested]] of answers.entries()) {
    const jobId = JOBS[index] ?? "";
    const { payload: expected, fingerprint } = resultA(jobId);
    const [kind, state] = isStored(index) ? ["stored", "pending"] : ["leased", "leased"];
    equal(ingested.kind, kind, `ingest of ${jobId}`);
    const row = rows[index];
    const seen = { state: row?.state, payload: row?.payload, error: row?.error };
    equal(seen, { state, payload: expected }, `the row of ${jobId} after ${kind}`);
    const lease = ingested.kind === "leased" ? ingested.lease : leases.get(jobId);
    equal(
      { payload: lease?.payload, fingerprint: lease?.fingerprint },
      { payload: expected, fingerprint },
      `the lease of ${jobId} after ${kind}`,
    );
  }
}
