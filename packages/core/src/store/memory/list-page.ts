import type { ListOptions } from "../capabilities.ts";
import type { JobState } from "../job-store.ts";
import { orderOf, positionOf, type ListPosition } from "../lists.ts";
import type { Table } from "./table.ts";

export const STATES: readonly JobState[] = ["expected", "pending", "leased", "done", "dead"];

type Compare = (a: ListPosition, b: ListPosition) => number;

const byId: Compare = (a, b) => (a.jobId === b.jobId ? 0 : a.jobId < b.jobId ? -1 : 1);
const byTime: Compare = (a, b) => a.at - b.at || byId(a, b);
const ORDERS: Readonly<Record<ReturnType<typeof orderOf>, Compare>> = {
  id: byId,
  due: byTime,
  settled: (a, b) => byTime(b, a),
};

/**
 * Finds the rows of a page in order, and one row more. It sorts only these rows, because sorting a
 * hundred thousand rows for one page takes too long.
 */
export function listPage(table: Table, o: ListOptions): readonly ListPosition[] {
  const { state, prefix = "" } = o;
  const order = orderOf(o);
  const compare = ORDERS[order];
  const position = positionOf(o);
  const page: ListPosition[] = [];

  const visit = (jobId: string, atMs: number): boolean => {
    const row = { jobId, at: order === "id" ? 0 : atMs };
    const last = page.length > o.limit ? page.at(-1) : undefined;
    if (last !== undefined && compare(row, last) >= 0)
      return order !== "settled" || atMs >= last.at;
    if (position !== undefined && compare(row, position) <= 0) return true;
    if (!jobId.startsWith(prefix)) return true;
    insert(page, row, compare);
    if (last !== undefined) page.pop();
    return true;
  };
  for (const one of state === undefined ? STATES : [state]) table.each(one, visit);
  return page;
}

function insert(page: ListPosition[], row: ListPosition, compare: Compare): void {
  let [from, to] = [0, page.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const other = page[middle];
    if (other !== undefined && compare(other, row) < 0) from = middle + 1;
    else to = middle;
  }
  page.splice(from, 0, row);
}
