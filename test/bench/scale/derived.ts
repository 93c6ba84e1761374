import { toCount, toTable } from "../markdown.ts";
import { BUSY, DAY, GOAL, MINUTE, perSecond, POOL, type Capacity } from "./capacity.ts";
import type { ScaleResults } from "./results.ts";
import { titles, toBytes, toMicros } from "./tables.ts";

/** Of `doneTtlMs`. */
export const DEFAULT_DAYS = 8;

/** With the most ids. */
export const memoryCpuOf = ({ ids }: ScaleResults): number => ids.at(-1)?.cpuMicros ?? Number.NaN;

/** With the most rows. */
export const sqliteRateOf = ({ rows }: ScaleResults): number =>
  rows.findLast(({ store }) => store === "sqlite")?.perSecond ?? Number.NaN;

/** What a million a minute needs, by store. */
export function toNeeds(results: ScaleResults, postgres: Capacity, redis: Capacity): string {
  const memory = perSecond(memoryCpuOf(results));
  const sqlite = sqliteRateOf(results);
  const enough = sqlite >= GOAL ? "1" : "out of reach";
  return toTable([
    ["store", "processes of Node", "database", "the first limit"],
    ["PostgreSQL", `${postgres.processes}`, counted(postgres.cores, "core"), firstOf(postgres)],
    ["Redis", `${redis.processes}`, counted(redis.cores, "server"), firstOf(redis)],
    ["SQLite", enough, "in the process", `one file: ${aMinute(sqlite)}, as measured`],
    [
      "memory",
      `${Math.ceil(GOAL / memory)}`,
      "none",
      `the CPU of a process of Node: ${aMinute(memory)}`,
    ],
  ]);
}

const counted = (count: number, name: string): string =>
  `${count} ${name}${count === 1 ? "" : "s"}`;

const aMinute = (rate: number): string => `${toCount(toThree(rate * MINUTE))} results a minute`;

/** With three digits, since more would promise too much. */
const toThree = (value: number): number => Number(value.toPrecision(3));

export function firstOf({ store, first }: Capacity): string {
  const core = store === "redis" ? "the one thread of Redis" : "one core of PostgreSQL";
  const names = {
    node: "the CPU of a process of Node",
    database: core,
    disk: "the disk",
  };
  return `${names[first.of]}: ${aMinute(first.perSecond)}`;
}

export function toArithmetic({ limits }: ScaleResults, ...stores: readonly Capacity[]): string {
  const row = (name: string, toCell: (of: Capacity) => string): string[] => [
    name,
    ...stores.map(toCell),
  ];
  const limitOf = (of: Capacity["first"]["of"]) => (capacity: Capacity) => {
    const limit = capacity.limits.find((one) => one.of === of);
    return limit === undefined ? "" : toCount(toThree(limit.perSecond * MINUTE));
  };
  const onPostgres = (toCell: (of: Capacity) => string) => (of: Capacity) =>
    of.store === "postgres" ? toCell(of) : "";
  const cpu = (micros: number) => ((GOAL * micros) / 1_000_000).toFixed(2);
  const goal = toCount(GOAL);
  return toTable([
    ["", ...stores.map(({ store }) => titles[store])],
    row("a: CPU of Node for a result", ({ from }) => toMicros(from.cpuMicros)),
    row(`b: busy cores of Node, ${goal} × a`, ({ from }) => cpu(from.cpuMicros)),
    row(`a process takes in a minute, 60 s × ${BUSY} / a`, limitOf("node")),
    row(`**processes**, b / ${BUSY}, rounded up`, ({ processes }) => `**${processes}**`),
    row("c: CPU of the database for a result", ({ from }) => toMicros(from.databaseMicros)),
    row(`d: busy cores of the database, ${goal} × c`, ({ from }) => cpu(from.databaseMicros)),
    row(`a core of the database takes in a minute, 60 s × ${BUSY} / c`, limitOf("database")),
    row(`**cores**, or servers of Redis, d / ${BUSY}, rounded up`, ({ cores }) => `**${cores}**`),
    row("e: round trips for a result", ({ from }) => from.roundTrips.toFixed(3)),
    row(
      `commits in a second, ${goal} × e`,
      onPostgres(({ from }) => toCount(GOAL * from.roundTrips)),
    ),
    row(
      "f: the disk needs for a commit",
      onPostgres(() => toMicros(limits.fsyncMicros)),
    ),
    row(`a disk takes in a minute, 60 s × ${BUSY} / (e × f)`, limitOf("disk")),
    row(
      `connections, processes × ${POOL}`,
      onPostgres(({ processes }) => `${processes * POOL} of ${limits.maxConnections}`),
    ),
  ]);
}

/** What so many rows take, by how long they are kept. */
export function toRoom({ ids, rows }: ScaleResults): string {
  const memory = { store: "memory", bytes: ids.at(-1)?.bytes ?? Number.NaN } as const;
  const largest = rows.filter((point, index) => rows[index + 1]?.store !== point.store);
  const times = [MINUTE, 3_600, DAY * DEFAULT_DAYS];
  return toTable([
    ["store", "bytes for each", "a minute", "an hour", `${DEFAULT_DAYS} days, the default`],
    ...[memory, ...largest].map(({ store, bytes }) => [
      titles[store],
      toCount(bytes),
      ...times.map((seconds) => toBytes(bytes * GOAL * seconds)),
    ]),
  ]);
}
