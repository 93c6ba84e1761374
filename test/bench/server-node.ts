import { abstraktWebhook, memoryStore } from "@abstrakt-webhooks/express";
import { ACCEPTED } from "./delivery.ts";
import type { Mounted, Save } from "./mounted.ts";

const HEADERS = { "content-type": "application/json", "content-length": ACCEPTED.length };

/** The least a receiver can do: read, parse, answer. */
export function parsingOnly(save: Save): Mounted {
  return {
    listener: (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const job: { job_id: string } = JSON.parse(Buffer.concat(chunks).toString());
        save(job.job_id);
        response.writeHead(200, HEADERS).end(ACCEPTED);
      });
    },
  };
}

export function withMemory(save: Save): Mounted {
  const webhook = abstraktWebhook({
    auth: "none",
    store: memoryStore(),
    onSucceeded: (job) => save(job.job_id),
  });
  return { listener: webhook, idle: () => webhook.receiver.idle() };
}
