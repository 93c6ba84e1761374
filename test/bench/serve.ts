/**
 * The server's process: `serve.js <framework> <side>`. Tells its port, and on every message what
 * it has done so far. Ends with its parent.
 *
 * @module
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Framework, Side } from "./comparisons.ts";
import type { Servers } from "./mounted.ts";

/** What a server has done since it started. */
export interface Report {
  readonly callbacks: number;
  /** User and system time of the whole process. */
  readonly cpuMs: number;
}

const servers: Record<Framework, () => Promise<Servers>> = {
  express: () => import("./server-express.ts"),
  node: () => import("./server-node.ts"),
  hono: () => import("./server-hono.ts"),
};

const [framework, side] = process.argv.slice(2) as [Framework, Side];
let callbacks = 0;
const { listener, receiver } = (await servers[framework]())[side](() => void callbacks++);

process.on("disconnect", () => process.exit());
process.on("message", () => void report());

const server = createServer((request, response) => void listener(request, response));
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));

async function report(): Promise<void> {
  await receiver?.idle();
  const { user, system } = process.cpuUsage();
  const done: Report = { callbacks, cpuMs: (user + system) / 1_000 };
  process.send?.(done);
}
