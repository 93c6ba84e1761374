import { createReceiver } from "@abstrakt-webhooks/core";
import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";

export const receiver = createReceiver({
  // Anybody who knows the URL may deliver. On the internet, pass `signedUrl` instead.
  auth: "none",
  // The store opens the file with `node:sqlite`, which is part of Deno.
  store: sqliteStore(Deno.env.get("DATABASE") ?? "jobs.db"),
  onSucceeded: async (job) => {
    console.log(`${job.job_id} succeeded: ${job.output.items[0]?.url ?? "no file"}`);
  },
  onFailed: async (job) => {
    console.log(`${job.job_id} failed: ${job.error.message}`);
  },
});
