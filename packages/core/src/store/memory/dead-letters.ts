import type { Clock } from "../../clock.ts";
import type { DeadLetters } from "../capabilities.ts";
import type { JobRecord } from "../job-store.ts";
import { emptyCounts, pageOf } from "../lists.ts";
import { listPage, STATES } from "./list-page.ts";
import { requireRoom } from "./require-room.ts";
import { toRecord } from "./row.ts";
import type { Table } from "./table.ts";

export function deadLetters(table: Table, clock: Clock): DeadLetters {
  return {
    async list(o) {
      const nowMs = clock();
      const listed = listPage(table, o).flatMap(({ at, jobId }) => {
        const row = table.find(jobId);
        if (row === undefined) return [];
        const record = toRecord(row, nowMs, table.createdAtMs);
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
      table.prune(Infinity);
      const counts = emptyCounts();
      for (const state of STATES) counts[state] = table.count(state);
      const waiting = counts.pending + counts.leased > 0;
      return {
        ...counts,
        ...(waiting && { oldestPendingMs: nowMs - table.oldestReceivedAtMs() }),
      };
    },
  };
}

function withoutPayload({ payload: _payload, ...record }: JobRecord): JobRecord {
  return record;
}
