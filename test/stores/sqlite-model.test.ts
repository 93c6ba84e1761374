import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";
import { createManualClock } from "@abstrakt-webhooks/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { commands } from "./model-commands.ts";
import { RETENTION, runModel } from "./run-model.ts";

const RUNS = 500;
const UNIT_MS = 1_000;

/** Repeats a failure: `SEED=<the printed seed> vitest run test/stores/sqlite-model.test.ts`. */
const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);

it(`${RUNS} random histories agree with the model`, async () => {
  console.log(`SQLite store against the model: seed ${seed}, ${RUNS} runs`);
  let steps = 0;
  await fc.assert(
    fc.asyncProperty(commands(40), async (history) => {
      steps += history.length;
      const clock = createManualClock();
      // This database is in memory: the same SQL and commits, without a wait for the disk at each
      // step.
      const store = sqliteStore(":memory:", {
        doneTtlMs: RETENTION.done * UNIT_MS,
        deadTtlMs: RETENTION.dead * UNIT_MS,
        clock: clock.now,
      });
      const elapse = async (ms: number) => clock.advance(ms);
      await runModel({ store, elapse }, history, UNIT_MS);
      await store.close();
    }),
    { seed, numRuns: RUNS },
  );
  expect(steps).toBeGreaterThan(RUNS);
}, 300_000);
