import type { Comparison } from "./comparisons.ts";
import type { Measurement } from "./measure.ts";

/** One comparison after all its rounds. */
export interface Outcome {
  readonly comparison: Comparison;
  readonly rounds: readonly { readonly baseline: Measurement; readonly ours: Measurement }[];
}

/** Median of the rounds' ratios of requests per second. */
export const ratioOf = ({ rounds }: Outcome): number =>
  median(rounds.map(({ baseline, ours }) => ours.perSecond / baseline.perSecond));

export const isMet = (outcome: Outcome): boolean => ratioOf(outcome) >= outcome.comparison.target;

/** What people read: two servers and their ratio. */
export function tableOf(outcome: Outcome): string {
  const { comparison, rounds } = outcome;
  const baseline = rounds.map((round) => round.baseline);
  const ours = rounds.map((round) => round.ours);
  const each = rounds.map((round) => (round.ours.perSecond / round.baseline.perSecond).toFixed(2));
  const cpu = median(rounds.map((round) => round.baseline.cpuMicros / round.ours.cpuMicros));
  const verdict = isMet(outcome) ? "met" : "MISSED";
  return [
    `${comparison.title}, medians of ${rounds.length} rounds`,
    rowOf(comparison.baseline, baseline),
    rowOf(comparison.ours, ours),
    `  ratio ${ratioOf(outcome).toFixed(2)} (${each.join(" ")}), target ${comparison.target.toFixed(2)}: ${verdict}`,
    `  by CPU time, which other load on the machine moves less: ${cpu.toFixed(2)}`,
    "",
  ].join("\n");
}

function rowOf(name: string, measurements: readonly Measurement[]): string {
  const of = (key: keyof Measurement): number => median(measurements.map((one) => one[key]));
  const perSecond = Math.round(of("perSecond")).toLocaleString("en");
  const cpu = of("cpuMicros").toFixed(1);
  const busy = Math.round(of("busy") * 100);
  return `  ${name.padEnd(32)} ${perSecond.padStart(8)} req/s ${cpu.padStart(6)} us CPU/req ${String(busy).padStart(4)} % busy`;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  const high = sorted[Math.floor(middle)] ?? Number.NaN;
  return (low + high) / 2;
}
