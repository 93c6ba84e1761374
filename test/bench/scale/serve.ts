/**
 * The process of a receiver: `scale/serve.js <setup as JSON>`. It fills its store, tells its URL, and
 * answers every question with what it has done so far. Ends with its parent.
 *
 * @module
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import {
  abstraktWebhook,
  createReceiver,
  memoryStore,
  type JobSucceeded,
  type Receiver,
} from "@abstrakt-webhooks/express";
import express from "express";
import { fillDue, finishDue, medianClaim } from "../claims.ts";
import { PATH } from "../mounted.ts";
import { openStore, type OpenedDatabase, type StoreName } from "../stores.ts";

/** What a receiver has before the first delivery comes, and what its callback does. */
export interface Setup {
  readonly store: "memory" | StoreName;
  /** How many done jobs the memory store remembers, and forgets for newer ones. */
  readonly ids?: number;
  /** How many rows of done jobs are in the database. */
  readonly rows?: number;
  /** Shared with other receivers. Default: one of its own. */
  readonly namespace?: string;
  readonly slow?: SlowCallbacks;
}

/** Callbacks that take long, and the jobs that they are called for. */
export interface SlowCallbacks {
  readonly callbackMs: number;
  readonly concurrency: number;
  /** The bound of the memory store. */
  readonly maxLive: number;
  /** Their ids are those of the first so many. */
  readonly jobs: number;
}

/** What a receiver has done since it started. */
export interface Report {
  readonly callbacks: number;
  /** Jobs whose callback was called again. */
  readonly repeated: number;
  /** User and system time of the whole process. */
  readonly cpuMs: number;
  /** What the system has given to the process at most. */
  readonly peakBytes: number;
  /** Statements that the database was sent, where the receiver counts them. */
  readonly statements: number;
  /** What is kept of each id or row that the setup asked for. */
  readonly bytesEach: number;
  /** The time to claim ten rows, while all rows of the setup were due. */
  readonly claimMicros: number;
}

const { store: name, ids, rows = 0, namespace, slow }: Setup = JSON.parse(process.argv[2] ?? "");
let callbacks = 0;
let repeated = 0;
let bytesEach = 0;
let claimMicros = 0;
let opened: OpenedDatabase | undefined;
const runs = new Uint8Array(slow?.jobs ?? 0);

async function onSucceeded({ job_id }: Pick<JobSucceeded, "job_id">): Promise<void> {
  callbacks += 1;
  if (slow === undefined) return;
  const job = Number(job_id.slice("job_".length));
  runs[job] = (runs[job] ?? 0) + 1;
  if (runs[job] === 2) repeated += 1;
  await sleep(slow.callbackMs);
}

process.on("disconnect", () => process.exit());
process.on("message", () => void report());

const receiver = await (ids === undefined ? openReceiver() : openRemembering(ids));
const app = express();
app.post(PATH, abstraktWebhook(receiver));
const server = createServer(app).listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.send?.(`http://127.0.0.1:${port}${PATH}`);
});

async function openReceiver(): Promise<Receiver> {
  if (name !== "memory") opened = await openFilled(name);
  const memory = () => memoryStore(slow === undefined ? {} : { maxLive: slow.maxLive });
  const made = createReceiver({
    auth: "none",
    store: opened?.store ?? memory(),
    onSucceeded,
    // What it would warn of on the console is known here.
    onEvent: () => undefined,
    ...(slow !== undefined && { limits: { concurrency: slow.concurrency } }),
  });
  made.start();
  return made;
}

async function openFilled(database: StoreName): Promise<OpenedDatabase> {
  const filling = await openStore[database](namespace);
  if (rows === 0) return filling;
  const before = await filling.bytes();
  await fillDue(filling.store, 0, rows);
  bytesEach = ((await filling.bytes()) - before) / rows;
  await filling.settled?.();
  claimMicros = await medianClaim(filling.store);
  await finishDue(filling.store);
  await filling.settled?.();
  return filling;
}

async function openRemembering(count: number): Promise<Receiver> {
  const { remember } = await import("../heap.ts");
  // Loads and compiles what would be counted otherwise.
  await (await remember(Math.min(count, 1_000), () => undefined)).receiver.drain();
  const { receiver: made, kept } = await remember(count, () => (callbacks += 1));
  callbacks = 0;
  bytesEach = kept.replaced + kept.buffers;
  return made;
}

async function report(): Promise<void> {
  await receiver.idle();
  const { user, system } = process.cpuUsage();
  const done: Report = {
    callbacks,
    repeated,
    cpuMs: (user + system) / 1_000,
    peakBytes: process.resourceUsage().maxRSS * 1_024,
    statements: opened?.statements?.() ?? 0,
    bytesEach,
    claimMicros,
  };
  process.send?.(done);
}
