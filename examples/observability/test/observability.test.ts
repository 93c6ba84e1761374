import { once } from "node:events";
import { createServer } from "node:http";
import { PassThrough } from "node:stream";
import { json } from "node:stream/consumers";
import { createReceiver, memoryStore, type ReceiverOptions } from "@abstrakt-webhooks/express";
import { failedPayload, succeededPayload } from "@abstrakt-webhooks/testing";
import { configure, type LogRecord } from "@logtape/logtape";
import { pino } from "pino";
import { expect, it } from "vitest";
import { expectExampleRuns } from "../../../test/support/expect-example-runs.ts";
import { listen } from "../../../test/support/listen.ts";
import { alertOnDead } from "../alert.ts";
import { logWithLogTape } from "../logtape.ts";
import { logWithPino } from "../pino.ts";
import { createApp } from "../prometheus.ts";

const succeeded = succeededPayload();
const failed = failedPayload();
const options = {
  auth: "none",
  store: memoryStore(),
  retry: { maxAttempts: 1 },
  onFailed: () => Promise.reject(new TypeError("no such order")),
  onSucceeded: () => undefined,
} satisfies ReceiverOptions;

/** Receives one result whose callback succeeds, and one that becomes a dead letter. */
async function receiveTwo(more: Partial<ReceiverOptions>): Promise<void> {
  const receiver = createReceiver({ ...options, store: memoryStore(), ...more });
  await receiver.ingest(succeeded);
  await receiver.ingest(failed);
  await receiver.idle();
  await receiver.drain();
}

it("logs events with pino, and a dead letter with its stack", async () => {
  const lines: Record<string, unknown>[] = [];
  const stream = new PassThrough();
  stream.on("data", (line: Buffer) => lines.push(JSON.parse(line.toString()) as (typeof lines)[0]));
  await receiveTwo({ onEvent: logWithPino(pino(stream)) });
  expect(lines).toContainEqual(
    expect.objectContaining({ level: 30, msg: "done", jobId: succeeded.job_id }),
  );
  const dead = lines.find(({ msg }) => msg === "dead");
  expect(dead).toMatchObject({ level: 50, jobId: failed.job_id, reason: "attempts_exhausted" });
  expect(dead?.["err"]).toMatchObject({ type: "TypeError", message: "no such order" });
});

it("logs events with LogTape", async () => {
  const records: LogRecord[] = [];
  await configure({
    reset: true,
    sinks: { memory: (record) => void records.push(record) },
    loggers: [
      { category: "my-app", sinks: ["memory"], lowestLevel: "debug" },
      { category: ["logtape", "meta"], sinks: [] },
    ],
  });
  await receiveTwo({ onEvent: logWithLogTape });
  const written = records.map(({ level, message }) => `${level}: ${message.join("")}`);
  expect(written).toContain(`info: done ${succeeded.job_id}`);
  expect(written).toContain(`error: dead ${failed.job_id}`);
  expect(JSON.stringify(records)).not.toContain("https:");
});

it("serves metrics to Prometheus", async () => {
  const { app, receiver } = createApp({ ...options, onEvent: () => undefined });
  const url = await listen(createServer(app));
  const webhook = new URL("/api/abstrakt-webhook", url);
  for (const payload of [succeeded, succeeded, failed]) {
    await fetch(webhook, { method: "POST", body: JSON.stringify(payload) });
  }
  await receiver.idle();
  const text = await (await fetch(new URL("/metrics", url))).text();
  expect(text).toMatch(/^abstrakt_webhook_deliveries_total\{.*outcome="stored".*\} 2/m);
  expect(text).toMatch(/^abstrakt_webhook_deliveries_total\{.*outcome="duplicate".*\} 1/m);
  expect(text).toMatch(/^messaging_process_duration_count\{.*error_type="TypeError".*\} 1/m);
  expect(text).toMatch(/^abstrakt_webhook_dead(\{.*\})? 1/m);
  await receiver.drain();
});

it("alerts on a dead letter, and on nothing else", async () => {
  const texts: unknown[] = [];
  const chat = createServer(async (req, res) => {
    texts.push(await json(req));
    res.end();
  }).listen(0);
  await once(chat, "listening");
  const { port } = chat.address() as { port: number };
  await receiveTwo({ onDead: alertOnDead(`http://localhost:${port}`), onEvent: () => undefined });
  chat.close();
  expect(texts).toEqual([
    { text: `Job ${failed.job_id} is dead after 1 attempts: TypeError: no such order` },
  ]);
});

it("runs", () => expectExampleRuns(import.meta.url));
