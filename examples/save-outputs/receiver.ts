import { createReceiver, memoryStore } from "@abstrakt-webhooks/express";
import { saveToFolder } from "./save.ts";

const { OUTPUTS_FOLDER = "outputs", OUTPUT_HOSTS = "cdn.abstrakt.one" } = process.env;

export const folder = OUTPUTS_FOLDER;

export const receiver = createReceiver({
  // Whoever knows the URL may deliver. On the internet, use `signedUrl` instead.
  auth: "none",
  // On purpose: what was accepted lives as long as this process. Use a durable store in production.
  store: memoryStore(),
  limits: { handlerTimeoutMs: 1_800_000 }, // half an hour, for long videos
  onSucceeded: async (job, ctx) => {
    // What it throws is a retry, so a server that is down for a while costs no file.
    const options = { hosts: OUTPUT_HOSTS.split(","), signal: ctx.signal };
    const names = await saveToFolder(job, folder, options);
    console.log(`${job.job_id} succeeded: saved ${names.join(", ")}`);
  },
  onFailed: (job) => console.log(`${job.job_id} failed: ${job.error.message}`),
});
