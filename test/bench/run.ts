/**
 * What the kit costs: each adapter against a server that does less, as a ratio of requests per
 * second. The two take turns, every turn in a fresh process, since two runs of one server differ
 * by 10 %. Ends with 1 when a ratio misses its target.
 *
 * The figure is end to end: what one server process answers to autocannon, a standard load
 * generator, in a process on the other core. The column of CPU time is the server's own cost for
 * one request. A server well below 100 % busy has waited, for a load slower than itself or for
 * other work on the machine: its ratio says less than that of the CPU times.
 *
 *     pnpm bench [adapters] [--rounds 5] [--seconds 3] [--only express|node|hono] [--json]
 *     pnpm bench auth [--rounds 5] [--seconds 3] [--only signed|refetch] [--json]
 *     pnpm bench stores [--rounds 5] [--seconds 3] [--only sqlite|redis|postgres] [--rows 1000,...] [--json]
 *     pnpm bench instructions [--rounds 3] [--only express|node|hono] [--json]
 *
 * `stores` also tells how long a claim takes among few rows and many. It starts its own Redis, with an
 * append-only file, and takes the PostgreSQL at DATABASE_URL or starts its own. `instructions` counts
 * by valgrind what a delivery costs the kit's servers, compares nothing and has no target.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { startBackends } from "./backends.ts";
import { areFlat, measureClaims, tableOfClaims, type Claims } from "./claims.ts";
import { comparisons, type StoreName } from "./comparisons.ts";
import {
  countInstructions,
  tableOfInstructions,
  whyNotCounted,
  type Instructions,
} from "./instructions.ts";
import { measure, type Measurement } from "./measure.ts";
import { isMet, ratioOf, tableOf, type Outcome } from "./table.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string" },
    seconds: { type: "string", default: "3" },
    only: { type: "string" },
    rows: { type: "string", default: "1000,100000,1000000" },
    json: { type: "boolean", default: false },
  },
});
const seconds = positive("seconds", values.seconds);
const sizes = values.rows.split(",").map((size) => positive("rows", size));
const [mode = "adapters", ...more] = positionals;
const isCounting = mode === "instructions";
const rounds = positive("rounds", values.rounds ?? (isCounting ? "3" : "5"));
const group = isCounting ? "adapters" : mode;
const subjects = comparisons.filter((comparison) => comparison.mode === group);
const chosen = subjects.filter(({ subject }) => (values.only ?? subject) === subject);
if (chosen.length === 0 || more.length > 0) {
  const known =
    subjects.map(({ subject }) => subject).join(", ") || "adapters, auth, stores or instructions";
  throw new Error(`Expected ${known}, got ${[...positionals, values.only].join(" ")}.`);
}
if (!values.json) console.log(`Node ${process.version}, ${process.platform} ${process.arch}\n`);
await (isCounting ? count() : compare());

async function count(): Promise<void> {
  const reason = await whyNotCounted();
  if (reason !== undefined) {
    console.error(reason);
    process.exitCode = 1;
    return;
  }
  const results: Instructions[] = [];
  for (const { subject, title } of chosen) {
    const counts: number[] = [];
    for (let round = 0; round < rounds; round++) counts.push(await countInstructions(subject));
    results.push({ subject, title, rounds: counts });
  }
  if (values.json) console.log(JSON.stringify({ node: process.version, results }, undefined, 2));
  else console.log(tableOfInstructions(results));
}

async function compare(): Promise<void> {
  const backends = mode === "stores" ? await startBackends() : undefined;

  const outcomes: Outcome[] = [];
  for (const comparison of chosen) {
    const taken: { baseline: Measurement; ours: Measurement }[] = [];
    for (let round = 0; round < rounds; round++) {
      const baseline = await measure(comparison.subject, "baseline", seconds);
      const ours = await measure(comparison.subject, "ours", seconds);
      taken.push({ baseline, ours });
    }
    const outcome = { comparison, rounds: taken };
    outcomes.push(outcome);
    if (!values.json) console.log(tableOf(outcome));
  }
  const claims: Claims[] = [];
  for (const { subject } of mode === "stores" ? chosen : []) {
    const taken = await measureClaims(subject as StoreName, sizes);
    claims.push(taken);
    if (!values.json) console.log(tableOfClaims(taken));
  }
  await backends?.stop();
  if (values.json) {
    const results = outcomes.map((outcome) => ({
      ...outcome,
      ratio: ratioOf(outcome),
      met: isMet(outcome),
    }));
    console.log(JSON.stringify({ node: process.version, results, claims }, undefined, 2));
  }
  process.exitCode = outcomes.every(isMet) && claims.every(areFlat) ? 0 : 1;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`Expected --${name} to be a positive integer, got ${text}.`);
}
