/**
 * The server's process: `serve.js <subject> <side>`. Tells its URL, and on every message what
 * it has done so far. Ends with its parent.
 *
 * @module
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Side, StoreName, Subject } from "./comparisons.ts";
import { PATH, type Servers } from "./mounted.ts";

/** What a server has done since it started. */
export interface Report {
  readonly callbacks: number;
  /** User and system time of the whole process. */
  readonly cpuMs: number;
}

const servers: Record<Subject, () => Promise<Servers>> = {
  express: () => import("./server-express.ts"),
  node: () => import("./server-node.ts"),
  hono: () => import("./server-hono.ts"),
  signed: async () => (await import("./server-auth.ts")).serversBehind.signed,
  refetch: async () => (await import("./server-auth.ts")).serversBehind.refetch,
  sqlite: () => serversOn("sqlite"),
  redis: () => serversOn("redis"),
  postgres: () => serversOn("postgres"),
};
const serversOn = async (name: StoreName) => (await import("./server-stores.ts")).serversOn(name);

const [subject, side] = process.argv.slice(2) as [Subject, Side];
let callbacks = 0;
const {
  listener,
  receiver,
  path = PATH,
} = await (await servers[subject]())[side](() => void callbacks++);

process.on("disconnect", () => process.exit());
process.on("message", () => void report());

const server = createServer((request, response) => void listener(request, response));
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.send?.(`http://127.0.0.1:${port}${path}`);
});

async function report(): Promise<void> {
  await receiver?.idle();
  const { user, system } = process.cpuUsage();
  const done: Report = { callbacks, cpuMs: (user + system) / 1_000 };
  process.send?.(done);
}
