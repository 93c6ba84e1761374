import { createReceiver, memoryStore } from "@abstrakt-webhooks/express";
import { saveToFolder } from "./save.ts";

const { OUTPUTS_FOLDER = "outputs", OUTPUT_HOSTS = "cdn.abstrakt.one" } = process.env;

export const folder = OUTPUTS_FOLDER;

export const receiver = createReceiver({
  // Anybody who knows the URL may deliver. On the internet, pass `signedUrl` instead.
  auth: "none",
  // Accepted results are lost when this process ends. Use a durable store in production.
  store: memoryStore(),
  limits: { handlerTimeoutMs: 1_800_000 }, // half an hour, for long videos
  onSucceeded: async (job, ctx) => {
    // If `saveToFolder` throws, the callback runs again later, for example after an outage.
    const options = { hosts: OUTPUT_HOSTS.split(","), signal: ctx.signal };
    const names = await saveToFolder(job, folder, options);
    console.log(`${job.job_id} succeeded: saved ${names.join(", ")}`);
  },
  onFailed: (job) => console.log(`${job.job_id} failed: ${job.error.message}`),
});
