import { encodeText, decodeText } from "../encoding.ts";
import { invalidOptions } from "../errors.ts";
import type { ListOptions } from "./capabilities.ts";
import type { JobRecord, JobState } from "./job-store.ts";

/** A row of a list, and the number by which the list is ordered. */
export interface ListedRow {
  readonly record: JobRecord;
  /** The due time or the time of settling, as the store keeps it. 0 in the order of ids. */
  readonly at: number;
}

/** The last row of the page before. A page begins after it. */
export interface ListPosition {
  readonly at: number;
  readonly jobId: string;
}

/**
 * How a list is ordered: by job id, by the next due time (the earliest first) or by the time of
 * settling (the latest first). Rows with the same time are ordered by id, in the same direction.
 */
export function orderOf({ state, prefix }: ListOptions): "id" | "due" | "settled" {
  if (state === undefined || prefix !== undefined) return "id";
  return state === "done" || state === "dead" ? "settled" : "due";
}

/**
 * Reads the position after which a page begins. `undefined` for the first page.
 *
 * @throws AbstraktWebhookError `invalid_options` when `after` is not the `next` of the same list.
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

/** Makes a page of up to `limit + 1` rows. One row above the limit means that a page follows. */
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

/** The state that a cursor belongs to. Empty in the order of ids, where it serves every state. */
const cursorState = (o: ListOptions): string => (orderOf(o) === "id" ? "" : (o.state ?? ""));

function readCursor(after: string): readonly unknown[] {
  try {
    const cursor: unknown = JSON.parse(decodeText(after) ?? "");
    return Array.isArray(cursor) ? cursor : [];
  } catch {
    return [];
  }
}

/** Makes a record with 0 for every state, in which `stats` counts. */
export const emptyCounts = (): Record<JobState, number> => ({
  expected: 0,
  pending: 0,
  leased: 0,
  done: 0,
  dead: 0,
});
