import fc from "fast-check";
import { expect, it } from "vitest";
import { bootMemory } from "./boot-memory.ts";
import { commands } from "./commands.ts";
import { RETENTION, runModel } from "./run-model.ts";

const RUNS = 10_000;
const UNIT_MS = 1_000;

/** To see a failure again: `SEED=<the seed printed> vitest run test/stores/memory-model.test.ts`. */
const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);

it(`${RUNS} random histories agree with the model`, async () => {
  console.log(`memory store against the model: seed ${seed}, ${RUNS} runs`);
  let steps = 0;
  await fc.assert(
    fc.asyncProperty(commands(40), async (history) => {
      steps += history.length;
      const harness = await bootMemory({
        doneTtlMs: RETENTION.done * UNIT_MS,
        deadTtlMs: RETENTION.dead * UNIT_MS,
      });
      await runModel(harness, history, UNIT_MS);
    }),
    { seed, numRuns: RUNS },
  );
  expect(steps).toBeGreaterThan(RUNS);
}, 300_000);
