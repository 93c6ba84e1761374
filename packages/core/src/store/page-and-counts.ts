import type { JobRecord, JobState } from "./job-store.ts";

/**
 * A page of `list`, from up to `limit + 1` records: the one record too many says that there is
 * another page.
 */
export function pageOf(
  records: readonly JobRecord[],
  limit: number,
): { records: JobRecord[]; next?: string } {
  const page = records.slice(0, limit);
  const last = page.at(-1);
  return {
    records: page,
    ...(last !== undefined && records.length > limit && { next: last.jobId }),
  };
}

/** What `stats` counts in: a new record with 0 for every state. */
export const emptyCounts = (): Record<JobState, number> => ({
  expected: 0,
  pending: 0,
  leased: 0,
  done: 0,
  dead: 0,
});
