import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { openClient } from "../support/redis-clients.ts";
import { openRedis } from "../support/redis-database.ts";
import { findRedis } from "../support/redis-server.ts";
import { bootRedis } from "./boot-redis.ts";
import { commands } from "./model-commands.ts";
import { RETENTION, runModel } from "./run-model.ts";

const RUNS = 500;
const UNIT_MS = 60_000;

/** Repeats a failure: `SEED=<the printed seed> vitest run test/stores/redis-model.test.ts`. */
const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);

const server = await findRedis();
afterAll(() => server?.stop());

describe.skipIf(server === undefined)("redis store (needs a server)", () => {
  it.each(Object.entries(openClient))(
    `%s: ${RUNS} random histories agree with the model`,
    { timeout: 300_000 },
    async (name, open) => {
      const maxSteps = name === "ioredis" ? 25 : 12;
      console.log(`${name} against the model: seed ${seed}, ${RUNS} runs`);
      const redis = openRedis(server?.url ?? "");
      const { client, close } = await open(server?.url ?? "");
      const boot = bootRedis(redis, client);
      let steps = 0;
      await fc.assert(
        fc.asyncProperty(commands(maxSteps), async (history) => {
          steps += history.length;
          const harness = await boot({
            doneTtlMs: RETENTION.done * UNIT_MS,
            deadTtlMs: RETENTION.dead * UNIT_MS,
          });
          await runModel(harness, history, UNIT_MS);
          await harness.close?.();
        }),
        { seed, numRuns: RUNS },
      );
      await close();
      await redis.close();
      expect(steps).toBeGreaterThan(RUNS);
    },
  );
});
