import type { ReceiversPoint, ScaleResults, SharedStore } from "./results.ts";

export const MINUTE = 60;
export const DAY = 86_400;
/** What the page leads to, in a second. */
export const GOAL = 1_000_000 / MINUTE;
/** How busy a process, a core or a disk may be, so that it can take a peak. */
export const BUSY = 0.7;
/** Connections of a pool of pg, by default. */
export const POOL = 10;

/** The limit of one part, in results a second. */
export interface Limit {
  readonly of: "node" | "database" | "disk";
  readonly perSecond: number;
}

/** What a store can take, derived from what a result costs. */
export interface Capacity {
  readonly store: SharedStore;
  /** The figures that it is derived from: those with the most receivers. */
  readonly from: ReceiversPoint;
  /** What one process of Node, one core of the database and one disk can take. */
  readonly limits: readonly Limit[];
  readonly first: Limit;
  /** How many processes and cores the goal needs. */
  readonly processes: number;
  readonly cores: number;
}

export function capacityOf(results: ScaleResults, store: SharedStore): Capacity {
  const { receivers, limits: machine } = results;
  const from = receivers.filter((point) => point.store === store).at(-1);
  if (from === undefined) throw new Error(`Expected figures of receivers on ${store}, got none.`);
  const node = perSecond(from.cpuMicros);
  const database = perSecond(from.databaseMicros);
  const limits: Limit[] = [
    { of: "node", perSecond: node },
    { of: "database", perSecond: database },
  ];
  if (store === "postgres") {
    limits.push({ of: "disk", perSecond: perSecond(from.roundTrips * machine.fsyncMicros) });
  }
  const first = limits.reduce((least, one) => (one.perSecond < least.perSecond ? one : least));
  const [processes, cores] = [Math.ceil(GOAL / node), Math.ceil(GOAL / database)];
  return { store, from, limits, first, processes, cores };
}

/** How many results one core or disk takes that needs so long for each. */
export const perSecond = (micros: number): number => (BUSY * 1_000_000) / micros;
