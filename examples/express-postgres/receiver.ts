import { createReceiver } from "@abstrakt-webhooks/express";
import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import { pool, transaction } from "./database.ts";

const { LEASE_MS = "60000" } = process.env;

export const store = postgresStore({ client: pool });

export const receiver = createReceiver({
  // Anybody who knows the URL may deliver. On the internet, pass `signedUrl` instead.
  auth: "none",
  store,
  // The entry and the completion of the job are committed together, or neither is.
  onSucceeded: (job, ctx) =>
    transaction(async (tx) => {
      const entry = [job.job_id, job.credits_used ?? 0, job.output.items[0]?.url];
      await tx.query("INSERT INTO ledger (job_id, credits, url) VALUES ($1, $2, $3)", entry);
      await ctx.settleIn(tx);
    }),
  onFailed: async (job) => {
    console.log(`${job.job_id} failed: ${job.error.message}`);
  },
  limits: {
    leaseMs: Number(LEASE_MS), // if an instance dies, another one claims its jobs after this time
    concurrency: 5, // callbacks use half of the pool's ten connections, and deliveries the others
  },
});
