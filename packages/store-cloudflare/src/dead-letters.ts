import type { DeadLetters } from "@abstrakt-webhooks/core";
import { pageOf } from "@abstrakt-webhooks/core/store";
import {
  LIST,
  REDRIVE,
  STATS,
  toRecord,
  toStats,
  type Row,
  type StatsRow,
} from "@abstrakt-webhooks/store-sqlite/dialect";
import type { Context } from "./context.ts";

export function deadLetters(context: Context): DeadLetters {
  const { namespace, now, keptSince } = context;
  return {
    async list({ state, limit, after = "" }) {
      const nowMs = now();
      // One more than asked for tells whether there is another page.
      const which = [namespace, after, ...keptSince(nowMs), limit + 1];
      const rows = await context.rows<Row>(LIST[state ?? "any"], ...which);
      const records = rows.map((row) => toRecord(row, nowMs));
      return pageOf(records, limit);
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
      return toStats(await context.rows<StatsRow>(STATS, ...which), nowMs);
    },
  };
}
