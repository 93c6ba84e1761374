import type { JobState } from "@abstrakt-webhooks/core";
import type { DeliveryRecord, SimulatedJob } from "@abstrakt-webhooks/testing/simulator";
import { urlOf, type Effect } from "./backend.ts";
import type { Forgeries, Promised, Times } from "./campaign.ts";
import { FORGED } from "./forger.ts";

/** The outcome of a campaign. The numbers of the first group must be 0. */
export interface Report {
  readonly wrong: {
    /** Submitted jobs without a completed callback. */
    readonly missing: number;
    /** Jobs with more than one completed callback. */
    readonly twice: number;
    /** Jobs that were completed with another result or ref than the provider's. */
    readonly otherResult: number;
    /** Jobs that were completed with a forged result. */
    readonly forged: number;
    /** Forged requests that were not refused. */
    readonly letIn: number;
    /** Rows that are not done, except those of jobs that were never promised. */
    readonly open: number;
  };
  readonly promised: number;
  /** Jobs whose process was killed between the submission and the row. */
  readonly orphans: number;
  readonly forgeries: Forgeries;
  readonly deliveries: number;
  /** Jobs for which no webhook was sent or accepted, so that polls found them. */
  readonly undelivered: number;
  readonly bySource: Record<string, number>;
  readonly kills: number;
  /** The maximum time from a job's first due poll to its completed callback, without outages. */
  readonly slowestRecoveryMs: number;
  /**
   * Polled jobs that took longer than poll interval and lease, plus one lease for each further
   * kill.
   */
  readonly slow: number;
  /** Warnings and dead letters, by code or reason. */
  readonly told: Record<string, number>;
  readonly seconds: number;
}

export function judge(o: {
  promised: readonly Promised[];
  effects: readonly Effect[];
  stats: Record<JobState, number>;
  jobs: readonly SimulatedJob[];
  deliveries: readonly DeliveryRecord[];
  forgeries: Forgeries;
  losses(fromMs: number, untilMs: number): { kills: number; downMs: number };
  kills: number;
  times: Times;
  output: string;
  seconds: number;
}): Report {
  const byJob = new Map<string, Effect[]>();
  for (const effect of o.effects) {
    byJob.set(effect.jobId, [...(byJob.get(effect.jobId) ?? []), effect]);
  }
  const simulated = new Map(o.jobs.map((job) => [job.jobId, job]));
  const taken = new Set(
    o.deliveries.flatMap(({ jobId, status }) => (status === 200 ? [jobId] : [])),
  );
  const recoveries = o.promised.flatMap(({ jobId, atMs }) => {
    const [effect] = byJob.get(jobId) ?? [];
    if (effect?.source !== "poll") return [];
    const dueMs = atMs + o.times.poll.afterMs;
    const { kills, downMs } = o.losses(dueMs, effect.atMs);
    const tookMs = effect.atMs - dueMs - downMs;
    // A killed process keeps its jobs for one lease, and so does the next one.
    return [
      { tookMs, isSlow: tookMs > o.times.poll.everyMs + o.times.leaseMs * Math.max(1, kills) },
    ];
  });
  const refs = new Map(o.promised.map(({ jobId, ref }) => [jobId, ref]));
  const isOther = ({ jobId, ref, status, url }: Effect): boolean => {
    const result = simulated.get(jobId)?.result;
    if (result === undefined || result.status !== status || urlOf(result) !== url) return true;
    return refs.has(jobId) && refs.get(jobId) !== ref;
  };
  const { expected, pending, leased, dead } = o.stats;
  return {
    wrong: {
      missing: o.promised.filter(({ jobId }) => !byJob.has(jobId)).length,
      twice: [...byJob.values()].filter(({ length }) => length > 1).length,
      otherResult: o.effects.filter(isOther).length,
      forged: o.effects.filter(({ url }) => url.startsWith(FORGED) || url === "FORGED").length,
      letIn: Object.values(o.forgeries).reduce((sum, { letIn }) => sum + letIn, 0),
      open: expected + pending + leased + dead,
    },
    promised: o.promised.length,
    orphans: o.jobs.length - o.promised.length,
    forgeries: o.forgeries,
    deliveries: o.deliveries.length,
    undelivered: o.promised.filter(({ jobId }) => !taken.has(jobId)).length,
    bySource: countBy(o.effects.map(({ source }) => source)),
    kills: o.kills,
    slowestRecoveryMs: Math.round(Math.max(0, ...recoveries.map(({ tookMs }) => tookMs))),
    slow: recoveries.filter(({ isSlow }) => isSlow).length,
    told: countBy(o.output.match(/(?<="code":"|"type":"dead".*"reason":")\w+/g) ?? []),
    seconds: o.seconds,
  };
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
