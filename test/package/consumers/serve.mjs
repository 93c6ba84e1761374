// Delivers a result and its repeat over HTTP; prints both answers and the callback's calls.
import { createServer } from "node:http";
import { abstraktWebhook, createReceiver } from "@abstrakt-webhooks/express";

const urls = [];
const receiver = createReceiver({
  auth: "none",
  onSucceeded: (job) => void urls.push(job.output.items[0]?.url),
});
const server = createServer(await requestListener(process.argv[2]));
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));

const answers = [await post(), await post()];
await receiver.idle();
server.close();
server.closeAllConnections();
console.log(JSON.stringify({ answers, urls }));

async function requestListener(framework) {
  if (framework === "node-http") return abstraktWebhook(receiver);
  const { default: express } = await import("express");
  return express().post("/hook", abstraktWebhook(receiver));
}

async function post() {
  const response = await fetch(`http://127.0.0.1:${server.address().port}/hook`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      job_id: "job",
      status: "succeeded",
      output: { type: "image", items: [{ type: "image", url: "https://example.com/1.png" }] },
    }),
  });
  return { status: response.status, body: await response.json() };
}
