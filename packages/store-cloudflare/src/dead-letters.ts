import type { DeadLetters } from "@abstrakt-webhooks/core";
import { pageOf } from "@abstrakt-webhooks/core/store";
import {
  listStatement,
  REDRIVE,
  STATS,
  toListed,
  toStats,
  type Row,
  type StatsRow,
} from "@abstrakt-webhooks/store-sqlite/dialect";
import type { Context } from "./context.ts";

export function deadLetters(context: Context): DeadLetters {
  const { namespace, now, keptSince } = context;
  return {
    async list(o) {
      const nowMs = now();
      const rows = await context.rows<Row>(...listStatement(namespace, o, keptSince(nowMs)));
      return pageOf(
        rows.map((row) => toListed(row, o, nowMs)),
        o,
      );
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
