// Runs in its own process: `instance.ts <config as JSON>`. Writes "ready" when it listens.
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { createClient } from "@abstrakt-webhooks/client";
import { createReceiver, signedUrl } from "@abstrakt-webhooks/core";
import { abstraktWebhook } from "@abstrakt-webhooks/express";
import { openBackend, type Place } from "./backend.ts";
import type { Times } from "./campaign.ts";

/** The settings of an instance. */
export interface InstanceConfig extends Omit<Times, "longestJobMs"> {
  readonly place: Place;
  readonly port: number;
  readonly webhookUrl: string;
  readonly api: { readonly baseUrl: string; readonly apiKey: string };
  readonly secret: string;
}

const config = JSON.parse(process.argv[2] ?? "") as InstanceConfig;
const { store, complete } = await openBackend(config.place);
const receiver = createReceiver({
  auth: signedUrl({ secrets: [config.secret], url: config.webhookUrl }),
  client: createClient(config.api),
  store,
  poll: config.poll,
  limits: { leaseMs: config.leaseMs },
  onSucceeded: complete,
  onFailed: complete,
  onEvent(event) {
    if (event.type === "warning" || event.type === "dead") {
      process.stderr.write(`${JSON.stringify(event)}\n`);
    }
  },
});
receiver.start();
const webhook = abstraktWebhook(receiver);

const server = createServer((request, response) => {
  if (request.url !== "/submit") return void webhook(request, response);
  void text(request)
    .then((ref) => receiver.submit("simulated-image", { prompt: ref }, { ref }))
    .then(
      (job) => response.end(job.job_id),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
});
server.listen(config.port, "127.0.0.1", () => process.stdout.write("ready\n"));
