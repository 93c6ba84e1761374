import fc from "fast-check";
import { expect, it } from "vitest";
import { bootMemory } from "./boot-memory.ts";
import { commands } from "./model-commands.ts";
import { RETENTION, runModel } from "./run-model.ts";

const RUNS = 10_000;
const UNIT_MS = 1_000;

/** Steps that the random histories must contain, or they prove little. */
const OUTCOMES = [
  ...["leased", "stored", "parked", "duplicate"].map((kind) => `ingest ${kind}`),
  ...["result", "binding"].map((reason) => `ingest conflict ${reason}`),
  "claim 0",
  "claim 1",
  "claim 2",
  "claimPolls 1",
  "claimPolls 2",
  "prune 1",
  "list 3",
  ...["done", "retry", "dead", "release", "extend"].flatMap((to) => [
    `settle ${to} true`,
    `settle ${to} false`,
  ]),
  "expect expected",
  "expect arrived",
  "expect contested",
  "redrive to pending true",
  "redrive to expected true",
  ...["againAfterMs true", "giveUp true", "giveUp false"].map((end) => `settlePoll ${end}`),
];

/** Repeats a failure: `SEED=<the printed seed> vitest run test/stores/memory-model.test.ts`. */
const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);

it(`${RUNS} random histories agree with the model`, async () => {
  console.log(`memory store against the model: seed ${seed}, ${RUNS} runs`);
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(commands(40), async (history) => {
      const harness = await bootMemory({
        doneTtlMs: RETENTION.done * UNIT_MS,
        deadTtlMs: RETENTION.dead * UNIT_MS,
      });
      for (const outcome of await runModel(harness, history, UNIT_MS)) seen.add(outcome);
    }),
    { seed, numRuns: RUNS },
  );
  expect(OUTCOMES.filter((outcome) => !seen.has(outcome))).toEqual([]);
}, 300_000);
