import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { sendTinyChunks } from "./chunk-flood/flood.ts";

const SENDERS = 30;
const HEAP_MB = 256;
const MAX_RESIDENT_MB = 120;

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = `${root}node_modules/.cache/attacks`;
const bundle = `${folder}/chunk-flood-${process.pid}.mjs`;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  // One file without a loader, because the loader's memory would count as the server's.
  await build({
    entryPoints: [`${root}test/attacks/chunk-flood/serve.ts`],
    outfile: bundle,
    bundle: true,
    platform: "node",
    format: "esm",
    conditions: ["@abstrakt-webhooks/source"],
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
});
afterAll(() => rmSync(bundle, { force: true }));

/** A server process with a small heap. */
async function start(way: string) {
  const execArgv = [`--max-old-space-size=${HEAP_MB}`];
  const child = fork(bundle, [way], { execArgv, env: { PATH: process.env["PATH"] } });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [port] = (await once(child, "message")) as [number];
  const maxResidentKb = async () => {
    child.send("memory");
    return ((await once(child, "message")) as [number])[0];
  };
  return { port, maxResidentKb };
}

it.each(["Express", "Hono", "fetch"])(
  `${SENDERS} senders of 6 MB in chunks of one byte are refused by %s, and other senders are answered`,
  async (way) => {
    const { port, maxResidentKb } = await start(way);
    let flooding = true;
    const senders = Array.from({ length: SENDERS }, () => sendTinyChunks(port));
    const flood = Promise.all(senders).finally(() => (flooding = false));
    let answered = 0;
    while (flooding) {
      const body = JSON.stringify(succeededPayload());
      const { status } = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body });
      expect(status).toBe(200);
      if (flooding) answered += 1;
    }
    expect(await flood).toEqual(Array(SENDERS).fill("413"));
    expect(answered).toBeGreaterThan(0);
    expect(await maxResidentKb()).toBeLessThan(MAX_RESIDENT_MB * 1_024);
  },
  240_000,
);
