import type { DeadLetters, JobRecord, JobState } from "@abstrakt-webhooks/core";

/** Selects records. */
export interface RecordFilter {
  readonly state?: JobState | undefined;
  /** The beginning of a job's id. */
  readonly prefix?: string | undefined;
  readonly limit?: number | undefined;
}

const PAGE_SIZE = 500;

/** Reads the records that match the filter, page by page. */
export async function* recordsOf(
  store: DeadLetters,
  { state, prefix = "", limit = Number.POSITIVE_INFINITY }: RecordFilter,
): AsyncGenerator<JobRecord> {
  let remaining = limit;
  let after: string | undefined;
  do {
    const page = await store.list({
      limit: prefix === "" ? Math.min(PAGE_SIZE, remaining) : PAGE_SIZE,
      ...(state !== undefined && { state }),
      ...(after !== undefined && { after }),
    });
    for (const record of page.records) {
      if (!record.jobId.startsWith(prefix)) continue;
      yield record;
      if (--remaining === 0) return;
    }
    after = page.next;
  } while (after !== undefined);
}
