import type { DeadLetters } from "@abstrakt-webhooks/core";
import { pageOf } from "@abstrakt-webhooks/core/store";
import type { Context } from "./context.ts";
import { toRecord, toStats, type Row, type StatsRow } from "./dialect/row.ts";
import { LIST, REDRIVE, STATS } from "./dialect/sql.ts";

export function deadLetters({ namespace, keptSince, read, write }: Context): DeadLetters {
  return {
    list: (o) =>
      read((connection, nowMs) => {
        const after = o.after ?? "";
        // One more than asked for tells whether there is another page.
        const which = [namespace, after, ...keptSince(nowMs), o.limit + 1];
        const rows = connection.all<Row>(LIST[o.state ?? "any"], ...which);
        const records = rows.map((row) => toRecord(row, nowMs));
        return pageOf(records, o.limit);
      }),
    redrive: (jobId) =>
      write((connection, nowMs) => {
        const [, deadBeforeMs] = keptSince(nowMs);
        return connection.run(REDRIVE, nowMs, nowMs, namespace, jobId, deadBeforeMs) === 1;
      }),
    stats: () =>
      read((connection, nowMs) => {
        const [doneBeforeMs, deadBeforeMs] = keptSince(nowMs);
        const which = [namespace, namespace, namespace, doneBeforeMs, namespace, deadBeforeMs];
        return toStats(connection.all<StatsRow>(STATS, ...which), nowMs);
      }),
  };
}
