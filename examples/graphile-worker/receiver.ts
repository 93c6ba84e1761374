import { createReceiver, type HandlerContext, type JobResult } from "@abstrakt-webhooks/express";
import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import { pool, transaction } from "./database.ts";

const { LEASE_MS = "60000" } = process.env;

export const store = postgresStore({ client: pool });

export const receiver = createReceiver({
  // Anybody who knows the URL may deliver. On the internet, pass `signedUrl` instead.
  auth: "none",
  store,
  onSucceeded: enqueue,
  onFailed: enqueue,
  limits: {
    leaseMs: Number(LEASE_MS), // if an instance dies, another one claims its jobs after this time
    concurrency: 5, // callbacks use half of the pool's ten connections, and deliveries the others
  },
});

/** The new job and the result's completion commit together, or neither does: exactly one job. */
async function enqueue(result: JobResult, ctx: HandlerContext): Promise<void> {
  await transaction(async (tx) => {
    const { rows } = await tx.query<{ id: string | null }>(
      "SELECT id FROM graphile_worker.add_job('handle_result', $1::json, job_key => $2)",
      [JSON.stringify(result), `handle_result:${result.job_id}`],
    );
    // Its documentation says that add_job may return null if two calls for one key run at once.
    if (rows[0]?.id == null) throw new Error("Expected a job of add_job, got null. Try again.");
    await ctx.settleIn(tx);
  });
}
