import { postBy } from "../delivery.ts";
import { fillTemplate, toCount, toVersions } from "../markdown.ts";
import { BUSY, capacityOf, DAY, GOAL, POOL } from "./capacity.ts";
import {
  DEFAULT_DAYS,
  firstOf,
  memoryCpuOf,
  sqliteRateOf,
  toArithmetic,
  toNeeds,
  toRoom,
} from "./derived.ts";
import type { BurstPoint, ConnectionsPoint, ScaleResults } from "./results.ts";
import { tables, titles, toMicros } from "./tables.ts";

/** Of the memory store. */
const DEFAULT_MAX_DONE = 100_000;
const DEFAULT_CONCURRENCY = 100;

/** The text of `docs/scale.md`: a template whose `{{names}}` are replaced by what was found. */
export function toScalePage(results: ScaleResults, template: string): string {
  const [postgres, redis] = [capacityOf(results, "postgres"), capacityOf(results, "redis")];
  const [overMemory, overDatabase] = results.burst;
  if (overMemory === undefined || overDatabase === undefined) {
    throw new Error(`Expected two bursts, got ${results.burst.length}.`);
  }
  const parts: Record<string, string> = {
    ...Object.fromEntries(Object.entries(tables).map(([part, write]) => [part, write(results)])),
    goal: toCount(GOAL),
    needs: toNeeds(results, postgres, redis),
    memoryCpu: toMicros(memoryCpuOf(results)),
    sqliteRate: toCount(sqliteRateOf(results)),
    arithmetic: toArithmetic(results, postgres, redis),
    room: toRoom(results),
    ...toBest(results.connections),
    postgresFirst: firstOf(postgres),
    redisFirst: firstOf(redis),
    busyShare: `${BUSY}`,
    busy: `${BUSY * 100} %`,
    pool: `${POOL}`,
    ...toCallbacks(overMemory),
    callbacksASecond: toCount(handledPerSecond(overMemory)),
    maxLive: toCount(overMemory.maxLive),
    burstResults: toCount(overMemory.results),
    burstSeconds: toCount(overMemory.seconds),
    burstPerSecond: toCount(overMemory.results / overMemory.seconds),
    burstDatabase: titles[overDatabase.store],
    payload: toCount(postBy.unsigned(0).body.length),
    days: `${DEFAULT_DAYS}`,
    rowsOfDays: ((GOAL * DAY * DEFAULT_DAYS) / 1e9).toFixed(1),
    maxDone: toCount(DEFAULT_MAX_DONE),
    maxDoneSeconds: toCount(DEFAULT_MAX_DONE / GOAL),
    fsync: toMicros(results.limits.fsyncMicros),
    maxConnections: `${results.limits.maxConnections}`,
    mostProcesses: toCount(Math.floor(results.limits.maxConnections / POOL)),
    most: toCount(Math.max(...results.receivers.map(({ receivers }) => receivers))),
    seconds: `${results.seconds}`,
    date: results.date,
    machine: results.machine,
    load: results.load.toFixed(1),
    node: results.node,
    versions: toVersions(results.versions),
  };
  return fillTemplate(template, parts);
}

function toBest(connections: readonly ConnectionsPoint[]): Record<string, string> {
  const [best] = connections.toSorted((one, other) => other.perSecond - one.perSecond);
  const most = connections.at(-1);
  return {
    bestConnections: toCount(best?.connections ?? Number.NaN),
    bestRate: toCount(best?.perSecond ?? Number.NaN),
    mostConnections: toCount(most?.connections ?? Number.NaN),
    mostRate: toCount(most?.perSecond ?? Number.NaN),
  };
}

const handledPerSecond = ({ callbackMs, concurrency }: BurstPoint): number =>
  (concurrency * 1_000) / callbackMs;

/** How many callbacks run at once when a million results a minute need so long for each. */
function toCallbacks({ callbackMs, concurrency }: BurstPoint): Record<string, string> {
  const atOnce = (GOAL * callbackMs) / 1_000;
  return {
    callbackMs: `${callbackMs}`,
    concurrency: `${concurrency}`,
    callbacks: toCount(atOnce),
    defaultConcurrency: `${DEFAULT_CONCURRENCY}`,
    callbackProcesses: toCount(Math.ceil(atOnce / DEFAULT_CONCURRENCY)),
  };
}
