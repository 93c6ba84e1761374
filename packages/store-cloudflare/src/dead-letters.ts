import type { DeadLetters, JobState } from "@abstrakt-webhooks/core";
import type { Context } from "./context.ts";
import { toRecord, type Row } from "./row.ts";
import { LIST, REDRIVE, STATS } from "./sql.ts";

interface Count {
  readonly state: JobState;
  readonly rows: number;
  readonly oldest: number | null;
}

export function deadLetters(context: Context): DeadLetters {
  const { namespace, now, keptSince } = context;
  return {
    async list({ state, limit, after = "" }) {
      const nowMs = now();
      // One more than asked for tells whether there is another page.
      const which = [namespace, after, ...keptSince(nowMs), limit + 1];
      const rows = await context.rows<Row>(LIST[state ?? "any"], ...which);
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return {
        records: page.map((row) => toRecord(row, nowMs)),
        ...(last !== undefined && rows.length > limit && { next: last.job_id }),
      };
    },
    async redrive(jobId) {
      const nowMs = now();
      const [, deadBeforeMs] = keptSince(nowMs);
      return (await context.changes(REDRIVE, nowMs, nowMs, namespace, jobId, deadBeforeMs)) === 1;
    },
    async stats() {
      const nowMs = now();
      const [doneBeforeMs, deadBeforeMs] = keptSince(nowMs);
      const which = [namespace, namespace, namespace, doneBeforeMs, namespace, deadBeforeMs];
      const stats: Awaited<ReturnType<DeadLetters["stats"]>> = {
        expected: 0,
        pending: 0,
        leased: 0,
        done: 0,
        dead: 0,
      };
      for (const { state, rows, oldest } of await context.rows<Count>(STATS, ...which)) {
        stats[state] = rows;
        // Only what waits or runs has one.
        if (oldest === null) continue;
        stats.oldestPendingMs = Math.max(stats.oldestPendingMs ?? 0, nowMs - oldest);
      }
      return stats;
    },
  };
}
