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

/** How much of a campaign is to be run. */
export interface Extent {
  /** Over all stores together. */
  readonly kills: number;
  /** How often each fault of a database comes. */
  readonly rounds: number;
  /** How often everything else is repeated. */
  readonly times: number;
}

/** One part of a campaign, and the stores that it is about. */
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
/** SQLite has no server that could be killed, and its clock is its host's. */
const SERVERS: readonly Kind[] = ["postgres", "redis"];

/** Every part, in groups that may run side by side. */
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

/** How many stores take their share of the kills. */
const tried = ({ backends }: Campaign): number =>
  backends.filter(({ kind }) => STORES.includes(kind)).length;

/** The result of several runs of one part on one store. Times are the longest, all else adds up. */
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
