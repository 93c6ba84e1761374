import type { Backend } from "./backends/backend.ts";
import type { Campaign } from "./campaign.ts";
import type { Outcome } from "./outcome.ts";
import { clocksApart } from "./parts/clocks.ts";
import { drained } from "./parts/drain.ts";
import { serversKilled } from "./parts/kills.ts";
import { outages } from "./parts/outages.ts";
import { pausedWorker } from "./parts/pause.ts";
import { poison } from "./parts/poison.ts";

type Kind = Backend["kind"];

/** The size of a campaign. */
export interface Extent {
  /** For all stores together. */
  readonly kills: number;
  /** The number of times that each fault of a database comes. */
  readonly rounds: number;
  /** The number of times that every other part runs. */
  readonly times: number;
}

/** One part of a campaign, and its stores. */
export interface Planned {
  readonly part: string;
  readonly kinds: readonly Kind[];
  readonly times: number;
  run(campaign: Campaign, backend: Backend): Promise<Outcome>;
}

/** The same store through other clients. */
const OTHER_CLIENTS: readonly Kind[] = ["node-redis", "upstash"];
const STORES: readonly Kind[] = ["memory", "sqlite", "postgres", "redis"];
export const KINDS: readonly Kind[] = [...STORES, ...OTHER_CLIENTS];
const DURABLE: readonly Kind[] = ["sqlite", "postgres", "redis"];
/** SQLite has no server to kill, and uses its host's clock. */
const SERVERS: readonly Kind[] = ["postgres", "redis"];

/** Every part, in groups that may run at the same time. */
export function planOf({ kills: count, rounds, times }: Extent): Planned[][] {
  return [
    [
      {
        part: "kill -9",
        kinds: STORES,
        times: 1,
        run: (campaign, backend) =>
          serversKilled(campaign, backend, { kills: Math.ceil(count / tried(campaign)) }),
      },
    ],
    [
      {
        part: "worker paused",
        kinds: DURABLE,
        times,
        run: (on, backend) => pausedWorker(on, backend),
      },
      {
        part: "clocks apart",
        kinds: SERVERS,
        times,
        run: (on, backend) => clocksApart(on, backend),
      },
      { part: "poison", kinds: DURABLE, times, run: (on, backend) => poison(on, backend) },
    ],
    [{ part: "SIGTERM", kinds: DURABLE, times, run: (on, backend) => drained(on, backend) }],
    [
      {
        part: "database fails",
        kinds: [...SERVERS, ...OTHER_CLIENTS],
        times: 1,
        run: (campaign, backend) => outages(campaign, backend, { rounds }),
      },
    ],
  ];
}

/** The number of stores that share the kills. */
const tried = ({ backends }: Campaign): number =>
  backends.filter(({ kind }) => STORES.includes(kind)).length;

/**
 * The outcome of several runs of one part on one store: the maximum of each time, and the sum of
 * all else.
 */
export function merged(outcomes: readonly Outcome[]): Outcome {
  const [first] = outcomes;
  if (first === undefined) throw new Error("Expected an outcome.");
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    for (const [name, count] of Object.entries(outcome.counts)) {
      const before = counts[name] ?? 0;
      counts[name] = /\bms\b/.test(name) ? Math.max(before, count) : before + count;
    }
  }
  return { ...first, counts, violations: outcomes.flatMap(({ violations }) => violations) };
}
