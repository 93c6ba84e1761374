import type { DeadLetters, JobState } from "@abstrakt-webhooks/core";
import { emptyCounts, orderOf, pageOf } from "@abstrakt-webhooks/core/store";
import type { Query } from "./query.ts";
import { toListed, type RecordRow } from "./row.ts";
import { listSql } from "./sql/list.ts";
import { redriveSql, statsSql } from "./sql/look.ts";

type StateRow = { state: JobState; count: number; age: number | null };

export function deadLetters(query: Query, jobs: string): DeadLetters {
  const sql = {
    redrive: redriveSql(jobs),
    stats: statsSql(jobs),
  };
  return {
    async list(o) {
      const { text, values } = listSql(jobs, o);
      const rows = await query<RecordRow>(text, ...values);
      const order = orderOf(o);
      return pageOf(
        rows.map((row) => toListed(row, order)),
        o,
      );
    },
    async redrive(jobId) {
      return (await query(sql.redrive, jobId)).length > 0;
    },
    async stats() {
      const counts = emptyCounts();
      const ages: number[] = [];
      for (const { state, count, age } of await query<StateRow>(sql.stats)) {
        counts[state] += Number(count);
        if (state === "pending" || state === "leased") ages.push(Number(age ?? 0));
      }
      return { ...counts, ...(ages.length > 0 && { oldestPendingMs: Math.max(...ages) }) };
    },
  };
}
