/**
 * How far the kit scales: `pnpm bench scale`. Every point is measured in processes that are all new.
 *
 * @module
 */
import { loadavg } from "node:os";
import { describeMachine, packageVersions, today, versionOf } from "../machine.ts";
import type { NodeBinary } from "../nodes.ts";
import type { StoreName } from "../stores.ts";
import { measureBurst, type BurstPlan } from "./burst.ts";
import { rounded, type Durations } from "./drive.ts";
import { readLimits } from "./limits.ts";
import { measureConnections, measureIds, measureReceivers, measureRows } from "./points.ts";
import type { Figures, ScaleResults, SharedStore } from "./results.ts";
import { tables } from "./tables.ts";

/** The points of each part. */
interface Points extends Durations {
  readonly connections: readonly number[];
  readonly ids: readonly number[];
  readonly rows: readonly number[];
  readonly receivers: readonly number[];
  readonly burst: BurstPlan;
}

const full: Points = {
  warmUpSeconds: 1.5,
  seconds: 3,
  connections: [1, 4, 16, 64, 256, 1_024],
  ids: [1_000, 10_000, 100_000, 1_000_000],
  rows: [1_000, 10_000, 100_000, 1_000_000],
  receivers: [1, 2, 4],
  burst: { results: 100_000, seconds: 60, callbackMs: 200, concurrency: 250, maxLive: 10_000 },
};

/** Enough to see that all of it works. The figures mean nothing. */
const quick: Points = {
  warmUpSeconds: 0.1,
  seconds: 0.2,
  connections: [4],
  ids: [1_000],
  rows: [1_000],
  receivers: [2],
  burst: { results: 200, seconds: 1, callbackMs: 50, concurrency: 5, maxLive: 50 },
};

const STORES: readonly StoreName[] = ["sqlite", "postgres", "redis"];
const SHARED: readonly SharedStore[] = ["postgres", "redis"];

export const scaleParts = ["connections", "ids", "rows", "receivers", "burst"] as const;

export type ScalePart = (typeof scaleParts)[number];

/**
 * Measures some parts, and prints each. Answers the results when these are all parts.
 *
 * @throws Error on a wrong answer, and on a result that was handled twice or never.
 */
export async function benchScale(
  node: NodeBinary,
  parts: readonly ScalePart[],
  isQuick: boolean,
  databases: Readonly<Record<string, string>>,
): Promise<ScaleResults | undefined> {
  const points = isQuick ? quick : full;
  const [load = 0] = loadavg();
  const measure: { readonly [Part in ScalePart]: () => Promise<Figures[Part]> } = {
    connections: () => each(points.connections, (one) => measureConnections(node, one, points)),
    ids: () => each(points.ids, (one) => measureIds(node, one, points)),
    rows: () =>
      each(pairs(STORES, points.rows), ([store, one]) => measureRows(node, store, one, points)),
    receivers: () =>
      each(pairs(SHARED, points.receivers), ([store, one]) =>
        measureReceivers(node, store, one, points),
      ),
    burst: () =>
      each(["memory", "postgres"] as const, (store) => measureBurst(node, store, points.burst)),
  };
  const found: Partial<Figures> = {};
  for (const part of parts) {
    console.error(`Measuring ${part}`);
    const figures = await measure[part]();
    requireNumbers(figures);
    Object.assign(found, { [part]: figures });
    console.log(`${tables[part](found as Figures)}\n`);
  }
  if (parts.length < scaleParts.length) return undefined;
  return {
    date: today(),
    machine: describeMachine(),
    load: rounded(load),
    node: versionOf(node),
    versions: { ...databases, ...packageVersions(USED) },
    seconds: points.seconds,
    ...(found as Figures),
    limits: await readLimits(),
  };
}

const USED = { "": ["express", "libsql", "pg"], "test/bench/": ["ioredis", "autocannon"] };

/** Nothing is refused by a database. Its CPU time is counted in ticks, too rough for a short time. */
const MAY_BE_ZERO = new Set(["refused", "databaseMicros"]);

/** @throws Error when a figure is missing, such as one that a database did not tell. */
function requireNumbers(points: readonly object[]): void {
  for (const point of points) {
    const missing = Object.entries(point).filter(
      ([name, value]) =>
        typeof value !== "string" &&
        !(Number.isFinite(value) && (value > 0 || MAY_BE_ZERO.has(name))),
    );
    if (missing.length === 0) continue;
    const [name = ""] = missing[0] ?? [];
    throw new Error(`Expected \`${name}\` to be a number, got ${JSON.stringify(point)}.`);
  }
}

/** One after the other, so that no point takes the time of another. */
async function each<In, Out>(
  values: readonly In[],
  measure: (value: In) => Promise<Out>,
): Promise<Out[]> {
  const measured: Out[] = [];
  for (const value of values) measured.push(await measure(value));
  return measured;
}

const pairs = <A, B>(first: readonly A[], second: readonly B[]): [A, B][] =>
  first.flatMap((a) => second.map((b): [A, B] => [a, b]));
