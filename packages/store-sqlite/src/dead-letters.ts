import type { DeadLetters } from "@abstrakt-webhooks/core";
import { pageOf } from "@abstrakt-webhooks/core/store";
import type { Context } from "./context.ts";
import { listStatement } from "./dialect/list.ts";
import { toListed, toStats, type Row, type StatsRow } from "./dialect/row.ts";
import { REDRIVE, STATS } from "./dialect/sql.ts";

export function deadLetters({ namespace, keptSince, read, write }: Context): DeadLetters {
  return {
    async list(o) {
      return read((connection, nowMs) => {
        const statement = listStatement(namespace, o, keptSince(nowMs));
        const rows = connection.all<Row>(...statement);
        return pageOf(
          rows.map((row) => toListed(row, o, nowMs)),
          o,
        );
      });
    },
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
