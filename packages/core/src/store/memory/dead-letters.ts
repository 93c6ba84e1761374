import type { Clock } from "../../clock.ts";
import type { DeadLetters, JobState } from "../job-store.ts";
import { type Row, toRecord } from "./row.ts";
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
      const page = matches.slice(0, o.limit);
      const last = page.at(-1);
      return {
        records: page.map((row) => toRecord(row, nowMs, table.bornAtMs)),
        ...(last !== undefined && matches.length > page.length && { next: last.jobId }),
      };
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
      const counts: Record<JobState, number> = {
        expected: 0,
        pending: 0,
        leased: 0,
        done: 0,
        dead: 0,
      };
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
