import type { HandlerContext, JobSucceeded } from "@abstrakt-webhooks/core";
import type { PostgresClient } from "@abstrakt-webhooks/store-postgres";
import { CompiledQuery, type Generated, type Kysely, type Transaction } from "kysely";

export interface Tables {
  images: { id: Generated<number>; job_id: string; url: string | null };
}

/** The row and the completion of the job commit together, or neither does. */
export const saveImage = (db: Kysely<Tables>, job: JobSucceeded, ctx: HandlerContext) =>
  db.transaction().execute(async (trx) => {
    const row = { job_id: job.job_id, url: job.output.items[0]?.url ?? null };
    await trx.insertInto("images").values(row).execute();
    await ctx.settleIn(fromKysely(trx)); // last, then commit
  });

/** A transaction of Kysely in the form that the store takes. */
const fromKysely = (trx: Transaction<Tables>): PostgresClient => ({
  query: (statement, values) => trx.executeQuery(CompiledQuery.raw(statement, values)),
});
