import type { HandlerContext, JobSucceeded } from "@abstrakt-webhooks/core";
import { sql } from "drizzle-orm";
import type { drizzle } from "drizzle-orm/better-sqlite3";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

const images = sqliteTable("images", {
  id: integer().primaryKey(),
  jobId: text("job_id").notNull(),
  url: text(),
});

type Database = ReturnType<typeof drizzle>;

/** The row and the completion of the job commit together, or neither does. */
export const saveImage = (db: Database, job: JobSucceeded, ctx: HandlerContext) =>
  inTurn(async () => {
    db.run(sql`BEGIN IMMEDIATE`);
    try {
      db.insert(images).values({ jobId: job.job_id, url: job.output.items[0]?.url }).run();
      await ctx.settleIn(db.$client); // last, then commit
      db.run(sql`COMMIT`);
    } catch (error) {
      db.run(sql`ROLLBACK`);
      throw error;
    }
  });

let turn: Promise<void> = Promise.resolve();

/** One after the other, because a connection has one transaction. */
function inTurn(work: () => Promise<void>): Promise<void> {
  const done = turn.then(work);
  turn = done.catch(() => undefined);
  return done;
}
