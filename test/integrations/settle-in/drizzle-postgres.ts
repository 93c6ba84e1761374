import type { HandlerContext, JobSucceeded } from "@abstrakt-webhooks/core";
import type { PostgresClient } from "@abstrakt-webhooks/store-postgres";
import { sql } from "drizzle-orm";
import type { NodePgDatabase } from "drizzle-orm/node-postgres";
import { pgTable, serial, text } from "drizzle-orm/pg-core";

const images = pgTable("images", {
  id: serial().primaryKey(),
  jobId: text("job_id").notNull(),
  url: text(),
});

/** The row and the completion of the job commit together, or neither does. */
export const saveImage = (db: NodePgDatabase, job: JobSucceeded, ctx: HandlerContext) =>
  db.transaction(async (tx) => {
    await tx.insert(images).values({ jobId: job.job_id, url: job.output.items[0]?.url });
    await ctx.settleIn(fromDrizzle(tx)); // last, then commit
  });

/** A transaction of Drizzle in the form that the store takes. */
const fromDrizzle = (tx: Pick<NodePgDatabase, "execute">): PostgresClient => ({
  query(statement, values) {
    // Every second part is the number of a parameter.
    const parts = statement.split(/\$(\d+)/).map((part, at) => {
      return at % 2 === 0 ? sql.raw(part) : sql`${values[Number(part) - 1]}`;
    });
    return tx.execute(sql.join(parts));
  },
});
