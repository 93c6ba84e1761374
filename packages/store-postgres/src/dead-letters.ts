import type { DeadLetters, JobState } from "@abstrakt-webhooks/core";
import { emptyCounts, pageOf } from "@abstrakt-webhooks/core/store";
import type { Query } from "./query.ts";
import { toRecord, type RecordRow } from "./row.ts";
import { listSql, redriveSql, statsSql } from "./sql/look.ts";

type StateRow = { state: JobState; count: number; age: number | null };

export function deadLetters(query: Query, jobs: string): DeadLetters {
  const sql = {
    list: listSql(jobs, { ofState: false }),
    listOfState: listSql(jobs, { ofState: true }),
    redrive: redriveSql(jobs),
    stats: statsSql(jobs),
  };
  return {
    async list({ state, limit, after }) {
      // One more than asked for tells whether there is a next page.
      const rows = await (state === undefined
        ? query<RecordRow>(sql.list, limit + 1, after)
        : query<RecordRow>(sql.listOfState, limit + 1, after, state));
      return pageOf(rows.map(toRecord), limit);
    },
    async redrive(jobId) {
      return (await query(sql.redrive, jobId)).length > 0;
    },
    async stats() {
      const counts = emptyCounts();
      const ages: number[] = [];
      for (const { state, count, age } of await query<StateRow>(sql.stats)) {
        counts[state] = Number(count);
        if (state === "pending" || state === "leased") ages.push(Number(age ?? 0));
      }
      return { ...counts, ...(ages.length > 0 && { oldestPendingMs: Math.max(...ages) }) };
    },
  };
}
