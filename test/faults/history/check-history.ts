import {
  attemptsMiscounted,
  fencesThatFell,
  leasesAtOnce,
  runsWithoutLease,
  zombiesBelieved,
} from "./check-leases.ts";
import {
  doneAgain,
  doneUnhandled,
  lost,
  refusedLate,
  repeatsForgotten,
  runsTooOften,
} from "./check-results.ts";
import type { HistoryEvent } from "./event.ts";
import { toJobHistories, type JobHistory } from "./job-history.ts";

/** Optional rules of one part. */
export interface CheckOptions {
  /** The maximum time that a sender may wait for an answer. Default: any time. */
  readonly refusedWithinMs?: number;
  /** The maximum number of attempts of one job. Default: any number. */
  readonly maxAttempts?: number;
  /** False where no row outlives the process. Default true. */
  readonly rows?: boolean;
  /** Jobs that are meant to end as dead letters. */
  mayDie?(jobId: string): boolean;
}

/** Checks all that is known of one job. Returns a sentence for each fault. */
type Rule = (job: JobHistory, options: CheckOptions) => string[];

const rules = {
  lost,
  doneAgain,
  doneUnhandled,
  repeatsForgotten,
  refusedLate,
  runsTooOften,
  fencesThatFell,
  leasesAtOnce,
  zombiesBelieved,
  runsWithoutLease,
  attemptsMiscounted,
} satisfies Record<string, Rule>;

export type RuleName = keyof typeof rules;

/** A promise that is broken; its rule is `part` where a part of the campaign found it. */
export interface Violation {
  readonly rule: RuleName | "part";
  readonly jobId: string;
  readonly what: string;
}

/**
 * Checks a history of any number of processes against the promises. It only reads its arguments.
 */
export function checkHistory(
  events: readonly HistoryEvent[],
  options: CheckOptions = {},
): Violation[] {
  return toJobHistories(events).flatMap((job) =>
    Object.entries(rules).flatMap(([rule, holds]) =>
      holds(job, options).map((what) => ({
        rule: rule as RuleName,
        jobId: job.jobId,
        what,
      })),
    ),
  );
}
