import type { Clock } from "../../clock.ts";
import type { DeadLetters, ListOptions } from "../capabilities.ts";
import type { JobRecord } from "../job-store.ts";
import { emptyCounts, orderOf, pageOf, positionOf, type ListPosition } from "../lists.ts";
import { requireRoom } from "./require-room.ts";
import { toRecord, type Row } from "./row.ts";
import type { Table } from "./table.ts";

interface Listed extends ListPosition {
  readonly row: Row;
}

const byId = (a: ListPosition, b: ListPosition): number =>
  a.jobId === b.jobId ? 0 : a.jobId < b.jobId ? -1 : 1;
const byTime = (a: ListPosition, b: ListPosition): number => a.at - b.at || byId(a, b);
const ORDERS = {
  id: byId,
  due: byTime,
  settled: (a: ListPosition, b: ListPosition) => byTime(b, a),
};

function timeOf(row: Row, o: ListOptions): number {
  switch (orderOf(o)) {
    case "id":
      return 0;
    case "due":
      return row.dueAtMs;
    case "settled":
      return row.settledAtMs ?? 0;
  }
}

/** Keeps the first `max` in order: sorting a hundred thousand rows for one page takes too long. */
function insert(
  sorted: Listed[],
  listed: Listed,
  compare: (a: ListPosition, b: ListPosition) => number,
  max: number,
): void {
  const last = sorted.at(-1);
  if (sorted.length === max && last !== undefined && compare(listed, last) >= 0) return;
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const other = sorted[middle];
    if (other !== undefined && compare(other, listed) < 0) from = middle + 1;
    else to = middle;
  }
  sorted.splice(from, 0, listed);
  if (sorted.length > max) sorted.pop();
}

export function deadLetters(table: Table, clock: Clock): DeadLetters {
  return {
    async list(o) {
      const position = positionOf(o);
      const compare = ORDERS[orderOf(o)];
      const nowMs = clock();
      const upToNext: Listed[] = [];
      for (const row of table.rows()) {
        if (o.state !== undefined && row.state !== o.state) continue;
        if (!row.jobId.startsWith(o.prefix ?? "")) continue;
        const listed = { row, jobId: row.jobId, at: timeOf(row, o) };
        if (position !== undefined && compare(listed, position) <= 0) continue;
        insert(upToNext, listed, compare, o.limit + 1);
      }
      const listed = upToNext.map(({ row, at }) => {
        const record = toRecord(row, nowMs, table.bornAtMs);
        return { at, record: o.payloads === false ? withoutPayload(record) : record };
      });
      return pageOf(listed, o);
    },
    async redrive(jobId) {
      const nowMs = clock();
      const row = table.find(jobId);
      if (row?.state !== "dead") return false;
      requireRoom(table);
      row.attempts = 0;
      row.settledAtMs = undefined;
      if (row.payload === undefined) row.giveUpAtMs = nowMs + (row.giveUpAfterMs ?? Infinity);
      table.place(row, row.payload === undefined ? "expected" : "pending", nowMs);
      return true;
    },
    async stats() {
      const nowMs = clock();
      const counts = emptyCounts();
      let oldest = nowMs;
      for (const row of table.rows()) {
        counts[row.state] += 1;
        if (row.state === "pending" || row.state === "leased") {
          oldest = Math.min(oldest, row.receivedAtMs ?? nowMs);
        }
      }
      const waiting = counts.pending + counts.leased > 0;
      return { ...counts, ...(waiting && { oldestPendingMs: nowMs - oldest }) };
    },
  };
}

function withoutPayload({ payload: _payload, ...record }: JobRecord): JobRecord {
  return record;
}
