import { Database } from "bun:sqlite";
import { createReceiver } from "@abstrakt-webhooks/core";
import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";

const { DATABASE = "jobs.db" } = process.env;

export const receiver = createReceiver({
  // Anybody who knows the URL may deliver. On the internet, pass `signedUrl` instead.
  auth: "none",
  store: sqliteStore(new Database(DATABASE)),
  onSucceeded: async (job) => {
    console.log(`${job.job_id} succeeded: ${job.output.items[0]?.url ?? "no file"}`);
  },
  onFailed: async (job) => {
    console.log(`${job.job_id} failed: ${job.error.message}`);
  },
});
