import type { HandlerContext, JobResult } from "@abstrakt-webhooks/core";
import type { Pool } from "pg";
import type PgBoss from "pg-boss";

/** The new job and the result's completion commit together, or neither does: exactly one job. */
export async function enqueue(pool: Pool, boss: PgBoss, result: JobResult, ctx: HandlerContext) {
  const tx = await pool.connect();
  try {
    await tx.query("BEGIN");
    const db = { executeSql: (text: string, values: unknown[]) => tx.query(text, values) };
    const id = await boss.send("abstrakt-results", result, { db });
    if (id === null) throw new Error("Expected a job of send, got null. Call createQueue first.");
    await ctx.settleIn(tx);
    await tx.query("COMMIT");
    tx.release();
  } catch (error) {
    tx.release(true); // closes the connection, which rolls back
    throw error;
  }
}
