import type { HandlerContext, JobSucceeded } from "@abstrakt-webhooks/core";
import type { PostgresClient } from "@abstrakt-webhooks/store-postgres";
import type { Knex } from "knex";

/** The row and the completion of the job commit together, or neither does. */
export const saveImage = (db: Knex, job: JobSucceeded, ctx: HandlerContext): Promise<void> =>
  db.transaction(async (trx) => {
    await trx("images").insert({ job_id: job.job_id, url: job.output.items[0]?.url ?? null });
    await ctx.settleIn(fromKnex(trx)); // last, then commit
  });

/** A transaction of Knex in the form that the store takes. */
const fromKnex = (trx: Knex.Transaction): PostgresClient => ({
  query: async (statement, values) => {
    // Knex writes a parameter as `?`, and wants one value for each.
    const inOrder: Knex.RawBinding[] = [];
    const text = statement.replaceAll(/\$(\d+)/g, (_, number) => {
      inOrder.push(values[Number(number) - 1] as Knex.RawBinding);
      return "?";
    });
    return trx.raw(text, inOrder);
  },
});
