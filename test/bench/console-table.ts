import { comparisons } from "./comparisons.ts";
import { goalOf, ratioOf, spreadOf, type NodeRun, type Spread } from "./results.ts";
import { serverNames } from "./servers.ts";

/** What people read while it runs: every server, then every comparison that was measured. */
export function toConsole(run: NodeRun): string {
  const servers = serverNames.flatMap((name) => {
    const rounds = run.servers[name] ?? [];
    const perSecond = spreadOf(rounds.map((round) => round.perSecond));
    const cpu = spreadOf(rounds.map((round) => round.cpuMicros));
    const p99 = spreadOf(rounds.map((round) => round.p99Ms));
    if (perSecond === undefined || cpu === undefined || p99 === undefined) return [];
    const rate = `${perSecond.median.toFixed(0).padStart(7)} req/s ${plusMinus(perSecond).padEnd(6)}`;
    const own = `${cpu.median.toFixed(1).padStart(7)} us CPU ${p99.median.toFixed(1).padStart(7)} ms p99`;
    return [`  ${name.padEnd(22)} ${rate} ${own}`];
  });
  const ratios = comparisons.flatMap((comparison) => {
    const ratio = ratioOf(run, comparison);
    if (ratio === undefined) return [];
    const pair = `${comparison.ours} : ${comparison.against}`.padEnd(42);
    const goal = goalOf(run, comparison);
    const wanted = goal === undefined ? "" : `, goal ${goal}`;
    return [`  ${pair} ${comparison.by.padEnd(4)} ${toRange(ratio)}${wanted}`];
  });
  return [`Node ${run.version}`, ...servers, "", ...ratios, ""].join("\n");
}

/** Half of what lies between the lowest and the highest round, in percent of the median. */
export const plusMinus = ({ median, min, max }: Spread): string =>
  min === max ? "" : `±${Math.round(((max - min) / 2 / median) * 100)} %`;

export function toRange({ median, min, max }: Spread): string {
  const range = min === max ? "" : ` (${min.toFixed(2)} to ${max.toFixed(2)})`;
  return `${median.toFixed(2)}${range}`;
}
