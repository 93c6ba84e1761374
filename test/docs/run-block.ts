// Runs one block in its own process and, if it receives results, delivers one to it.
import { pathToFileURL } from "node:url";
import { openLibsqlD1 } from "../support/libsql-d1.ts";

interface Receiving {
  POST?(request: Request): Promise<Response>;
  default?: { fetch(request: Request): Promise<Response> | Response };
}

const [file = "", port] = process.argv.slice(2);
const url = `http://127.0.0.1:${port || 80}/api/abstrakt-webhook`;
const payload = {
  job_id: "job_readme",
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

const block = (await import(pathToFileURL(file).href)) as Receiving;
const request = new Request(url, { method: "POST", body: JSON.stringify(payload) });
const env = { MAX_LIVE: 10, DB: openLibsqlD1() };
const app = block.default as
  | { fetch(request: Request, env: object): Promise<Response> }
  | undefined;
const answer = port
  ? await fetch(request)
  : ((await block.POST?.(request)) ?? (await app?.fetch(request, env)));
if (answer) {
  await seen;
  console.log(`answer ${answer.status} ${await answer.text()}`);
}
process.exit();
