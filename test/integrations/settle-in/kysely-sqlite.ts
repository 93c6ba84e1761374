import type { HandlerContext, JobSucceeded } from "@abstrakt-webhooks/core";
import type { SqliteDatabase } from "@abstrakt-webhooks/store-sqlite";
import type { Generated, Kysely } from "kysely";

export interface Tables {
  images: { id: Generated<number>; job_id: string; url: string | null };
}

/**
 * The row and the completion of the job commit together, or neither does. `database` is what
 * Kysely's dialect was given.
 */
export const saveImage = (
  db: Kysely<Tables>,
  database: SqliteDatabase,
  job: JobSucceeded,
  ctx: HandlerContext,
) =>
  db.transaction().execute(async (trx) => {
    const row = { job_id: job.job_id, url: job.output.items[0]?.url ?? null };
    await trx.insertInto("images").values(row).execute();
    await ctx.settleIn(database); // last, then commit
  });
