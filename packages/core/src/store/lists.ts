import { encodeText, decodeText } from "../encoding.ts";
import { invalidOptions } from "../errors.ts";
import type { ListOptions } from "./capabilities.ts";
import type { JobRecord, JobState } from "./job-store.ts";

/** A row of a list, and the number that it is ordered by. */
export interface ListedRow {
  readonly record: JobRecord;
  /** The due time or the time of settling, as the store keeps it. 0 in the order of ids. */
  readonly at: number;
}

/** The last row of the page before, where a page begins. */
export interface ListPosition {
  readonly at: number;
  readonly jobId: string;
}

/**
 * How a list is ordered: by job id, by the next due time (the earliest first) or by the time of
 * settling (the latest first). Rows of one time are ordered by id, in the same direction.
 */
export function orderOf({ state, prefix }: ListOptions): "id" | "due" | "settled" {
  if (state === undefined || prefix !== undefined) return "id";
  return state === "done" || state === "dead" ? "settled" : "due";
}

/**
 * Where the page begins that `o` asks for; `undefined` for the first page.
 *
 * @throws AbstraktWebhookError `invalid_options` when `after` is not the `next` of such a list.
 */
export function positionOf(o: ListOptions): ListPosition | undefined {
  if (o.after === undefined) return undefined;
  const [state, at, jobId] = readCursor(o.after);
  const isOurs =
    state === cursorState(o) &&
    typeof at === "number" &&
    typeof jobId === "string" &&
    jobId.startsWith(o.prefix ?? "");
  if (isOurs) return { at, jobId };
  throw invalidOptions(
    "Expected `after` to be the `next` of a page of the same list, got another text. Leave it out to begin anew.",
  );
}

/** A page, from up to `limit + 1` rows: the row too many shows that there is another page. */
export function pageOf(
  rows: readonly ListedRow[],
  o: ListOptions,
): { records: JobRecord[]; next?: string } {
  const page = rows.slice(0, o.limit);
  const records = page.map(({ record }) => record);
  const last = page.at(-1);
  if (last === undefined || rows.length <= o.limit) return { records };
  const cursor = [cursorState(o), last.at, last.record.jobId];
  return { records, next: encodeText(JSON.stringify(cursor)) };
}

/** Empty in the order of ids, where a cursor serves whatever the state. */
const cursorState = (o: ListOptions): string => (orderOf(o) === "id" ? "" : (o.state ?? ""));

function readCursor(after: string): readonly unknown[] {
  try {
    const cursor: unknown = JSON.parse(decodeText(after) ?? "");
    return Array.isArray(cursor) ? cursor : [];
  } catch {
    return [];
  }
}

/** What `stats` counts in: a new record with 0 for every state. */
export const emptyCounts = (): Record<JobState, number> => ({
  expected: 0,
  pending: 0,
  leased: 0,
  done: 0,
  dead: 0,
});
