import type { Comparison, Measure } from "./comparisons.ts";
import type { ServerName } from "./servers.ts";
import { median } from "./statistics.ts";

/** What one run has found. The full run keeps it in `results.json`, from which the page is made. */
export interface Results {
  readonly date: string;
  readonly machine: string;
  readonly rounds: number;
  readonly seconds: number;
  /** Of the databases and the packages that are compared. */
  readonly versions: Readonly<Record<string, string>>;
  readonly runs: readonly NodeRun[];
}

/** All servers on one Node. */
export interface NodeRun {
  readonly version: string;
  /** One measurement for each round. */
  readonly servers: Readonly<Partial<Record<ServerName, readonly Measurement[]>>>;
  /** Counted for each delivery. */
  readonly instructions: Readonly<Partial<Record<ServerName, number>>>;
}

/** One server in one round. */
export interface Measurement {
  readonly perSecond: number;
  /** The server's CPU time for one delivery: less moved by what else the machine does. */
  readonly cpuMicros: number;
  /** One answer of a hundred took longer. */
  readonly p99Ms: number;
}

/** The median of all rounds, the lowest and the highest. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Each round has a ratio of its own. `undefined` when a server was not measured. */
export function ratioOf(run: NodeRun, comparison: Comparison): Spread | undefined {
  const { by } = comparison;
  if (by === "instructions") return ratioOfInstructions(run, comparison);
  const theirs = run.servers[comparison.against];
  const ratios = run.servers[comparison.ours]?.flatMap((ours, round) => {
    const other = theirs?.[round];
    return other === undefined ? [] : [compared[by](ours, other)];
  });
  return spreadOf(ratios ?? []);
}

function ratioOfInstructions({ instructions }: NodeRun, { ours, against }: Comparison) {
  const [own = Number.NaN, theirs = Number.NaN] = [instructions[ours], instructions[against]];
  return spreadOf([theirs / own].filter((ratio) => !Number.isNaN(ratio)));
}

const compared: Record<
  Exclude<Measure, "instructions">,
  (ours: Measurement, theirs: Measurement) => number
> = {
  rate: (ours, theirs) => ours.perSecond / theirs.perSecond,
  cpu: (ours, theirs) => theirs.cpuMicros / ours.cpuMicros,
  p99: (ours, theirs) => ours.p99Ms / theirs.p99Ms,
};

export function spreadOf(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** The goal for the Node of this run, if there is one. */
export const goalOf = (run: NodeRun, { goals }: Comparison): number | undefined =>
  goals?.[/\d+/.exec(run.version)?.[0] ?? ""];

/** Whether a ratio reaches its goal: p99 may be that high at most, the others that low. */
export const isMet = (comparison: Comparison, ratio: number, goal: number): boolean =>
  comparison.by === "p99" ? ratio <= goal : ratio >= goal;
