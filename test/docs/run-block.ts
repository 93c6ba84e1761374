// Runs one block in its own process and, if it receives results, delivers one to it.
import { pathToFileURL } from "node:url";
import { signedUrl } from "@abstrakt-webhooks/core";
import { createSimulator } from "@abstrakt-webhooks/testing/simulator";
import { openLibsqlD1 } from "../support/libsql-d1.ts";

interface Receiving {
  POST?(request: Request): Promise<Response>;
  default?: { fetch(request: Request, env: object): Promise<Response> | Response };
}

const [file = "", port] = process.argv.slice(2);
const { WEBHOOK_SECRET } = process.env;
const env = { MAX_LIVE: 10, DB: openLibsqlD1(), WEBHOOK_SECRET };
const payload = {
  job_id: `job_readme_${process.pid}`, // blocks may share a store
  status: "succeeded",
  output: { type: "image", items: [{ type: "image", url: "https://cdn.example.com/readme.png" }] },
};

const seen = new Promise<void>((resolve) => {
  const log = console.log;
  console.log = (...words: unknown[]) => {
    log(...words);
    if (words.join(" ").includes(payload.job_id)) resolve();
  };
});

// A block that calls the provider gets a simulated one, whose webhooks reach the block.
const realFetch = globalThis.fetch;
const simulator = createSimulator({ fetch: (request) => deliver(request) });
globalThis.fetch = (input, init) => {
  const request = new Request(input, init);
  const toProvider = new URL(request.url).host === "api.abstrakt.one";
  return toProvider ? simulator.fetch(request) : realFetch(request);
};

let block: Receiving = {};

async function deliver(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  if (port) {
    const body = await request.text();
    const url = `http://127.0.0.1:${port}${pathname}${search}`;
    return realFetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
  }
  const answer = (await block.POST?.(request)) ?? (await block.default?.fetch(request, env));
  return answer ?? new Response(null, { status: 502 });
}

block = (await import(pathToFileURL(file).href)) as Receiving;
if (port || block.POST || block.default) {
  // The request is signed, also for blocks that do not need it.
  const webhook = "https://app.example.com/api/abstrakt-webhook";
  const { url } = await signedUrl({ secrets: [WEBHOOK_SECRET], url: webhook }).mint();
  const answer = await deliver(new Request(url, { method: "POST", body: JSON.stringify(payload) }));
  const text = await answer.text();
  await seen;
  console.log(`answer ${answer.status} ${text}`);
}
process.exit();
