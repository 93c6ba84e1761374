import { toCount, toTable } from "../markdown.ts";
import type { BurstPoint, Figures, Rate } from "./results.ts";

/** What people read of each part, on the console and on the page. */
export const tables = {
  connections: ({ connections }: Figures) =>
    toTable([
      ["connections", ...RATE, "half of the answers within", "99 of 100 within"],
      ...connections.map((point) => [
        toCount(point.connections),
        ...toCells(point),
        toMs(point.p50Ms),
        toMs(point.p99Ms),
      ]),
    ]),
  ids: ({ ids }: Figures) =>
    toTable([
      ["remembered ids", "bytes for each", "for all", ...RATE],
      ...ids.map((point) => [
        toCount(point.ids),
        toCount(point.bytes),
        toBytes(point.bytes * point.ids),
        ...toCells(point),
      ]),
    ]),
  rows: ({ rows }: Figures) =>
    toTable([
      ["store", "rows", "bytes for each", ...RATE, "a claim of ten rows"],
      ...rows.map((point) => [
        titles[point.store],
        toCount(point.rows),
        toCount(point.bytes),
        ...toCells(point),
        toMicros(point.claimMicros),
      ]),
    ]),
  receivers: ({ receivers }: Figures) =>
    toTable([
      [
        "store",
        "receivers",
        ...RATE,
        "round trips",
        "CPU of the database",
        "commands",
        "in scripts",
      ],
      ...receivers.map((point) => [
        titles[point.store],
        toCount(point.receivers),
        ...toCells(point),
        point.roundTrips.toFixed(3),
        toMicros(point.databaseMicros),
        point.commands?.toFixed(1) ?? "",
        point.scriptMicros === undefined ? "" : toMicros(point.scriptMicros),
      ]),
    ]),
  burst: ({ burst }: Figures) => {
    const row = (name: string, toCell: (point: BurstPoint) => string): string[] => [
      name,
      ...burst.map(toCell),
    ];
    return toTable([
      ["", ...burst.map(({ store }) => `${titles[store]} store`)],
      row("results, each with one callback in the end", ({ results }) => toCount(results)),
      row("deliveries answered 503, and repeated", ({ refused }) => toCount(refused)),
      row("half of the answers within", ({ p50Ms }) => toMs(p50Ms)),
      row("99 of 100 within", ({ p99Ms }) => toMs(p99Ms)),
      row("all accepted after", ({ acceptedSeconds }) => toSeconds(acceptedSeconds)),
      row("all handled after", ({ handledSeconds }) => toSeconds(handledSeconds)),
      row("memory of the process before", ({ startBytes }) => toBytes(startBytes)),
      row("memory of the process, at most", ({ peakBytes }) => toBytes(peakBytes)),
    ]);
  },
} satisfies Record<string, (figures: Figures) => string>;

export const titles = {
  memory: "memory",
  sqlite: "SQLite",
  postgres: "PostgreSQL",
  redis: "Redis",
} as const;

const RATE = ["results a second", "CPU for each"];

const toCells = ({ perSecond, cpuMicros }: Rate): string[] => [
  toCount(perSecond),
  toMicros(cpuMicros),
];

export const toMicros = (micros: number): string =>
  micros < 10 ? `${micros.toFixed(1)} µs` : `${toCount(micros)} µs`;

const toMs = (ms: number): string => (ms < 10 ? `${ms.toFixed(1)} ms` : `${toCount(ms)} ms`);

const toSeconds = (seconds: number): string => `${toCount(seconds)} s`;

/** With two digits, or all before the point. */
export function toBytes(bytes: number): string {
  const power = Math.max(1, Math.min(UNITS.length, Math.floor(Math.log10(bytes) / 3)));
  const value = bytes / 1_000 ** power;
  return `${value < 10 ? value.toFixed(1) : toCount(value)} ${UNITS[power - 1]}`;
}

const UNITS = ["kB", "MB", "GB", "TB"];
