import type { DeadLetters, JobState } from "@abstrakt-webhooks/core";
import type { Context } from "./context.ts";
import { toRecord, type Row } from "./row.ts";
import { LIST, REDRIVE, STATS } from "./sql.ts";

interface Count {
  readonly state: JobState;
  readonly rows: number | bigint;
  readonly oldest: number | bigint | null;
}

export function deadLetters({ namespace, keptSince, read, write }: Context): DeadLetters {
  return {
    list: (o) =>
      read((connection, nowMs) => {
        const after = o.after ?? "";
        // One more than asked for tells whether there is another page.
        const which = [namespace, after, ...keptSince(nowMs), o.limit + 1];
        const rows = connection.all<Row>(LIST[o.state ?? "any"], ...which);
        const page = rows.slice(0, o.limit);
        const last = page.at(-1);
        return {
          records: page.map((row) => toRecord(row, nowMs)),
          ...(last !== undefined && rows.length > page.length && { next: last.job_id }),
        };
      }),
    redrive: (jobId) =>
      write((connection, nowMs) => {
        const [, deadBeforeMs] = keptSince(nowMs);
        return connection.run(REDRIVE, nowMs, nowMs, namespace, jobId, deadBeforeMs) === 1;
      }),
    stats: () =>
      read((connection, nowMs) => {
        const counts: Record<JobState, number> = {
          expected: 0,
          pending: 0,
          leased: 0,
          done: 0,
          dead: 0,
        };
        let oldestPendingMs: number | undefined;
        const [doneBeforeMs, deadBeforeMs] = keptSince(nowMs);
        const which = [namespace, namespace, namespace, doneBeforeMs, namespace, deadBeforeMs];
        for (const { state, rows, oldest } of connection.all<Count>(STATS, ...which)) {
          counts[state] = Number(rows);
          if (state !== "pending" && state !== "leased") continue;
          oldestPendingMs = Math.max(oldestPendingMs ?? 0, nowMs - Number(oldest ?? nowMs));
        }
        return { ...counts, ...(oldestPendingMs !== undefined && { oldestPendingMs }) };
      }),
  };
}
