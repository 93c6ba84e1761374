import { afterAll, describe, expect, it } from "vitest";
import { startCampaign } from "./campaign.ts";
import { KINDS, planOf } from "./plan.ts";
import { freshSeed } from "./random.ts";

// This is the short form of `pnpm faults`.
const EXTENT = { kills: 100, rounds: 1, times: 1 };
// A limit, in case a part hangs.
const TIMEOUT_MS = 300_000;

const seed = Number(process.env["FAULTS_SEED"] ?? freshSeed());
console.log(`Faults by the seed ${seed}: FAULTS_SEED=${seed} makes the same choices again.`);
const campaign = await startCampaign(seed, KINDS);
afterAll(() => campaign.close());

for (const group of planOf(EXTENT)) {
  describe(group.map(({ part }) => part).join(", "), () => {
    const tests = group.flatMap(({ part, kinds, run }) =>
      kinds.map((kind) => ({ part, kind, run })),
    );
    for (const { part, kind, run } of tests) {
      const backend = campaign.backends.find((one) => one.kind === kind);
      const test = backend === undefined ? it.skip : it.concurrent;
      test(
        `${part}: ${kind}${backend === undefined ? " (found no server to start)" : ""}`,
        async () => {
          if (backend === undefined) return;
          const { violations, counts } = await run(campaign, backend);
          console.log(`${part}: ${kind} ${JSON.stringify(counts)}`);
          if (kind === "memory") {
            // The memory store is the control: it must lose a result, or the campaign tested
            // nothing.
            expect(violations.map(({ rule }) => rule)).toContain("lost");
          } else {
            expect(violations).toEqual([]);
          }
        },
        TIMEOUT_MS,
      );
    }
  });
}
