/**
 * The long form of the campaign. Writes `docs/faults.md`. The exit code is 1 when a promise is
 * broken, or when the memory store has lost nothing.
 *
 *     pnpm faults [--seed n] [--kills 1000] [--store sqlite|postgres|redis|node-redis|upstash]
 *
 * `--store` runs that store alone and writes nothing.
 *
 * @module
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Backend } from "./backends/backend.ts";
import { startCampaign } from "./campaign.ts";
import { toViolation, type Outcome } from "./outcome.ts";
import { KINDS, merged, planOf, type Planned } from "./plan.ts";
import { freshSeed } from "./random.ts";
import { toReport } from "./report.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: `${freshSeed()}` },
    kills: { type: "string", default: "1000" },
    store: { type: "string" },
  },
});
const [seed, kills] = [wholeNumber("seed", values.seed), wholeNumber("kills", values.kills)];
const kinds = KINDS.filter((kind) => (values.store ?? kind) === kind);
if (kinds.length === 0)
  throw new Error(`Expected --store ${KINDS.join(", ")}, got ${values.store}.`);

console.log(`Seed ${seed}, ${kills} kills on ${kinds.join(", ")}.`);
const startedAtMs = Date.now();
const campaign = await startCampaign(seed, kinds);
const outcomes: Outcome[] = [];
try {
  for (const group of planOf({ kills, rounds: 3, times: 3 })) {
    const runs = group.flatMap((planned) =>
      campaign.backends
        .filter(({ kind }) => planned.kinds.includes(kind))
        .map((backend) => repeated(planned, backend)),
    );
    for (const outcome of await Promise.all(runs)) {
      outcomes.push(outcome);
      const { part, store, counts, violations } = outcome;
      console.log(`${part}, ${store}: ${violations.length} broken promises`, counts);
      if (store !== "memory") console.log(violations.slice(0, 10));
    }
  }
} finally {
  await campaign.close();
}

if (values.store === undefined) {
  const path = fileURLToPath(new URL("../../docs/faults.md", import.meta.url));
  const minutes = Math.max(1, Math.round((Date.now() - startedAtMs) / 60_000));
  mkdirSync(fileURLToPath(new URL(".", `file://${path}`)), { recursive: true });
  writeFileSync(
    path,
    toReport(outcomes, { seed, kills, minutes, date: new Date().toISOString().slice(0, 10) }),
  );
}
const missing = kinds.filter((kind) => !campaign.backends.some((backend) => backend.kind === kind));
if (missing.length > 0) console.log(`No server was found for ${missing.join(", ")}.`);
process.exitCode = outcomes.every(holds) && missing.length === 0 ? 0 : 1;

/** An error in a part breaks that part alone: the other parts continue. */
async function repeated({ part, times, run }: Planned, backend: Backend): Promise<Outcome> {
  const own: Outcome[] = [];
  while (own.length < times) {
    const failed = (error: unknown): Outcome => ({
      part,
      store: backend.kind,
      counts: {},
      violations: [toViolation(String(error))],
    });
    own.push(await run(campaign, backend).catch(failed));
  }
  return merged(own);
}

function holds({ store, violations }: Outcome): boolean {
  const control: Backend["kind"] = "memory";
  return store === control
    ? violations.some(({ rule }) => rule === "lost")
    : violations.length === 0;
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`Expected --${name} to be a whole number, got ${text}.`);
}
