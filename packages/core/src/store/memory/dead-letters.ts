import type { Clock } from "../../clock.ts";
import type { DeadLetters } from "../job-store.ts";
import { emptyCounts, pageOf } from "../page-and-counts.ts";
import { toRecord, type Row } from "./row.ts";
import type { Table } from "./table.ts";

export function deadLetters(table: Table, clock: Clock): DeadLetters {
  return {
    async list(o) {
      const nowMs = clock();
      const matches: Row[] = [];
      for (const row of table.rows()) {
        const wanted = o.state === undefined || row.state === o.state;
        if (wanted && (o.after === undefined || row.jobId > o.after)) matches.push(row);
      }
      matches.sort((a, b) => (a.jobId < b.jobId ? -1 : 1));
      const upToNext = matches.slice(0, o.limit + 1);
      return pageOf(
        upToNext.map((row) => toRecord(row, nowMs, table.bornAtMs)),
        o.limit,
      );
    },
    async redrive(jobId) {
      const nowMs = clock();
      const row = table.find(jobId);
      if (row?.state !== "dead") return false;
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
