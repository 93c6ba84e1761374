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
  const ratios = rounds.map(({ baseline, ours }) => ours.perSecond / baseline.perSecond);
  return [
    `${comparison.title}, medians of ${rounds.length} rounds`,
    rowOf(
      comparison.baseline,
      rounds.map(({ baseline }) => baseline),
    ),
    rowOf(
      comparison.ours,
      rounds.map(({ ours }) => ours),
    ),
    `  ratio ${ratioOf(outcome).toFixed(2)} (${ratios.map((ratio) => ratio.toFixed(2)).join(" ")}), target ${comparison.target.toFixed(2)}: ${isMet(outcome) ? "met" : "MISSED"}`,
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

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  const high = sorted[Math.floor(middle)] ?? Number.NaN;
  return (low + high) / 2;
}
