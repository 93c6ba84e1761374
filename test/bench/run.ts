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
 *     pnpm bench [--rounds 5] [--seconds 3] [--only express|node|hono] [--json]
 *
 * @module
 */
import { parseArgs } from "node:util";
import { comparisons } from "./comparisons.ts";
import { measure, type Measurement } from "./measure.ts";
import { isMet, ratioOf, tableOf, type Outcome } from "./table.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
    only: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const rounds = positive("rounds", values.rounds);
const seconds = positive("seconds", values.seconds);
const chosen = comparisons.filter(({ framework }) => (values.only ?? framework) === framework);
if (chosen.length === 0)
  throw new Error(`Expected --only express, node or hono, got ${values.only}.`);

if (!values.json) console.log(`Node ${process.version}, ${process.platform} ${process.arch}\n`);
const outcomes: Outcome[] = [];
for (const comparison of chosen) {
  const taken: { baseline: Measurement; ours: Measurement }[] = [];
  for (let round = 0; round < rounds; round++) {
    const baseline = await measure(comparison.framework, "baseline", seconds);
    const ours = await measure(comparison.framework, "ours", seconds);
    taken.push({ baseline, ours });
  }
  const outcome = { comparison, rounds: taken };
  outcomes.push(outcome);
  if (!values.json) console.log(tableOf(outcome));
}
if (values.json) {
  const results = outcomes.map((outcome) => ({
    ...outcome,
    ratio: ratioOf(outcome),
    met: isMet(outcome),
  }));
  console.log(JSON.stringify({ node: process.version, results }, undefined, 2));
}
process.exitCode = outcomes.every(isMet) ? 0 : 1;

function positive(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`Expected --${name} to be a positive integer, got ${text}.`);
}
