/**
 * The server's process: `serve.js <server>`. Tells its URL, and on every message what it has done
 * so far. Ends with its parent.
 *
 * @module
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PATH, type Mounted, type Save } from "./mounted.ts";
import type { ServerName } from "./servers.ts";

/** What a server has done since it started. */
export interface Report {
  readonly callbacks: number;
  /** User and system time of the whole process. */
  readonly cpuMs: number;
  /** After a garbage collection, where the process can ask for one. */
  readonly heapBytes: number;
  /** Whether the job that was asked for is in the database; absent where there is none. */
  readonly holds?: boolean;
}

/** What a server is asked. */
export interface Question {
  readonly jobId?: string;
}

const express = () => import("./server-express.ts");
const node = () => import("./server-node.ts");
const hono = () => import("./server-hono.ts");
const signatures = () => import("./server-signatures.ts");
const byHand = () => import("./server-by-hand.ts");
const queues = () => import("./server-queues.ts");
const stores = () => import("./server-stores.ts");

/** A process imports its own server's modules only. */
const mount: Record<ServerName, (save: Save) => Promise<Mounted>> = {
  documented: async (save) => (await express()).documented(save),
  express: async (save) => (await express()).withMemory(save),
  "express-signed-url": async (save) => (await express()).withSignedUrl(save),
  "express-refetch": async (save) => (await express()).withRefetch(save),
  "express-signature": async (save) => (await express()).withSignature(save),
  "express-none-pending": async (save) => (await express()).withPending(0)(save),
  "express-pending": async (save) => (await express()).withPending(1_000)(save),
  octokit: async (save) => (await signatures()).octokit(save),
  standardwebhooks: async (save) => (await signatures()).standardwebhooks(save),
  svix: async (save) => (await signatures()).svix(save),
  "polar-express": async (save) => (await signatures()).polar(save),
  "polar-hono": async (save) => (await hono()).polar(save),
  "hono-signature": async (save) => (await hono()).withSignature(save),
  hono: async (save) => (await hono()).withMemory(save),
  "hono-observed": async (save) => (await hono()).observed(save),
  "hono-limit": async (save) => (await hono()).parsingOnly(save),
  node: async (save) => (await node()).withMemory(save),
  page: async (save) => (await import("./server-page.ts")).withInspector(save),
  "node-limit": async (save) => (await node()).parsingOnly(save),
  "sqlite-by-hand": async (save) => (await byHand()).onSqlite(save),
  sqlite: async (save) => (await stores()).onStore("sqlite")(save),
  "postgres-by-hand": async (save) => (await byHand()).onPostgres(save),
  "pg-boss": async (save) => (await queues()).pgBoss(save),
  postgres: async (save) => (await stores()).onStore("postgres")(save),
  "redis-by-hand": async (save) => (await byHand()).onRedis(save),
  bullmq: async (save) => (await queues()).bullmq(save),
  redis: async (save) => (await stores()).onStore("redis")(save),
};

const name = process.argv[2] as ServerName;
let callbacks = 0;
const mounted = await mount[name](() => void callbacks++);

process.on("disconnect", () => process.exit());
process.on("message", (question: Question) => void report(question));

const server = createServer((request, response) => void mounted.listener(request, response));
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.send?.(`http://127.0.0.1:${port}${mounted.path ?? PATH}`);
});

async function report({ jobId }: Question): Promise<void> {
  await mounted.idle?.();
  const { user, system } = process.cpuUsage();
  const cpuMs = (user + system) / 1_000;
  globalThis.gc?.();
  const { heapUsed: heapBytes } = process.memoryUsage();
  const holds = jobId === undefined ? undefined : await mounted.holds?.(jobId);
  const done: Report = { callbacks, cpuMs, heapBytes, ...(holds !== undefined && { holds }) };
  process.send?.(done);
}
