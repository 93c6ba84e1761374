import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { openPglite, openPostgres, type TestDatabase } from "../support/postgres-database.ts";
import { findPostgres } from "../support/postgres-server.ts";
import { bootPostgres } from "./boot-postgres.ts";
import { commands } from "./model-commands.ts";
import { RETENTION, runModel } from "./run-model.ts";

const RUNS = 500;
const UNIT_MS = 60_000;

/** Repeats a failure: `SEED=<the printed seed> vitest run test/stores/postgres-model.test.ts`. */
const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);

async function compareWithModel(
  database: TestDatabase,
  name: string,
  maxSteps: number,
): Promise<void> {
  console.log(`${name} against the model: seed ${seed}, ${RUNS} runs`);
  const harness = await bootPostgres(database)({
    doneTtlMs: RETENTION.done * UNIT_MS,
    deadTtlMs: RETENTION.dead * UNIT_MS,
  });
  let steps = 0;
  await fc.assert(
    fc.asyncProperty(commands(maxSteps), async (history) => {
      steps += history.length;
      await database.client.query("DELETE FROM job_1_jobs", []);
      await runModel(harness, history, UNIT_MS);
    }),
    { seed, numRuns: RUNS },
  );
  expect(steps).toBeGreaterThan(RUNS);
}

it("PGlite: random histories agree with the model", { timeout: 600_000 }, async () => {
  const database = await openPglite();
  await compareWithModel(database, "PGlite", 12).finally(() => database.close());
});

const server = await findPostgres();

describe.skipIf(server === undefined)("postgres store through pg (needs a server)", () => {
  afterAll(() => server?.stop());

  it("random histories agree with the model", { timeout: 600_000 }, async () => {
    const database = await openPostgres(server?.url ?? "");
    await compareWithModel(database, "pg", 25).finally(() => database.close());
  });
});
