/**
 * How many instructions a server executes for one delivery, counted by callgrind. Other work on the
 * machine hardly moves this figure, so it shows what a change of the sources costs.
 *
 * @module
 */
import { execFile } from "node:child_process";
import { Agent, request, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { startChild, type Child } from "./child.ts";
import { postBy } from "./delivery.ts";
import type { NodeBinary } from "./nodes.ts";
import type { Report } from "./serve.ts";
import { answerOf, serverOf, type ServerName } from "./servers.ts";
import { median } from "./statistics.ts";

const run = promisify(execFile);

/** Enough steps for V8 to have compiled what it will compile. Not counted. */
const WARM_UP_STEPS = 24;
/** The counter is read after every so many deliveries. */
const STEP = 500;
/** A step in which V8 compiles or collects does not move the median of so many. */
const STEPS = 7;

const CALLGRIND = [
  "--quiet",
  "--tool=callgrind",
  "--callgrind-out-file=/dev/null",
  // Counting begins when it is asked for: all before it runs faster so.
  "--instr-atstart=no",
];
const V8 = [
  // V8 compiles as it does for users, but on one thread and from the same seeds in each run.
  "--single-threaded",
  "--hash-seed=1",
  "--random-seed=1",
  // New space holds several steps and old space all of them, so the median step has no collection.
  "--min-semi-space-size=128",
  "--max-semi-space-size=128",
  "--initial-old-space-size=1024",
  "--no-memory-reducer",
];

/** Why nothing can be counted here, or `undefined`. */
export async function whyNotCounted(): Promise<string | undefined> {
  try {
    await run("valgrind", ["--version"]);
    await run("vgdb", ["--help"]);
    return undefined;
  } catch {
    return "Expected valgrind and its vgdb on the PATH, got none. Install the package valgrind.";
  }
}

/**
 * Starts a server under callgrind, warms it, and delivers N, 2N, 3N ... results one after another. Each
 * difference of two counts is for N deliveries, their callbacks included; the median of them counts.
 *
 * @throws Error on any answer that is not the expected one, and when a callback is missing.
 */
export async function countInstructions(node: NodeBinary, name: ServerName): Promise<number> {
  const command = ["valgrind", ...CALLGRIND, node.path, ...V8];
  const server = startChild(command, "./serve.js", name);
  try {
    const url = await server.heard<string>();
    const deliver = (step: number) => deliverTo(url, name, step * STEP);
    for (let step = 0; step < WARM_UP_STEPS; step += 1) await deliver(step);
    await monitor(server, "instrumentation", "on");
    const counts = [0];
    for (let step = WARM_UP_STEPS; step < WARM_UP_STEPS + STEPS; step += 1) {
      await deliver(step);
      counts.push(await executed(server));
    }
    const { callbacks } = await server.ask<Report>({});
    const sent = (WARM_UP_STEPS + STEPS) * STEP;
    if (callbacks !== sent) throw new Error(`Expected ${sent} callbacks, got ${callbacks}.`);
    return median(counts.slice(1).map((count, step) => (count - (counts[step] ?? 0)) / STEP));
  } finally {
    await server.end();
  }
}

/**
 * Delivers one step, one result after another, on a connection of its own. The first new connection
 * after thousands of deliveries makes V8 drop the code that it compiled for the old one, so the
 * server must meet new connections while it warms up.
 */
async function deliverTo(url: string, name: ServerName, first: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const expected = `200 ${answerOf(name)}`;
  try {
    for (let index = first; index < first + STEP; index += 1) {
      const { body, headers } = postBy[serverOf(name).sender ?? "unsigned"](index);
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const all = { ...headers, "content-length": body.length };
        request(url, { method: "POST", agent, headers: all }, resolve)
          .on("error", reject)
          .end(body);
      });
      const answer = `${response.statusCode} ${await text(response)}`;
      if (answer !== expected) throw new Error(`Expected ${expected}, got ${answer}.`);
    }
  } finally {
    agent.destroy();
  }
}

/** Sends a command to callgrind in a process of ours. */
const monitor = async ({ pid }: Child, ...command: string[]): Promise<string> =>
  (await run("vgdb", [`--pid=${pid}`, ...command])).stdout;

/** Instructions of all threads since the counting began. */
async function executed(server: Child): Promise<number> {
  const status = await monitor(server, "status", "internal");
  const threads = [...status.matchAll(/^events-\d+: (\d+)$/gm)].map(([, count]) => Number(count));
  if (threads.length === 0) throw new Error(`Expected counts from callgrind, got ${status}.`);
  return threads.reduce((sum, count) => sum + count);
}

/** What people read: the median, every round, and how far the rounds lie apart. */
export function lineOfInstructions(name: ServerName, rounds: readonly number[]): string {
  const middle = median(rounds);
  const each = rounds.map((round) => toText(round)).join(" ");
  const apart = ((Math.max(...rounds) - Math.min(...rounds)) / middle) * 100;
  return `  ${name.padEnd(20)} ${toText(middle)} (${each}), ${apart.toFixed(2)} % apart`;
}

const toText = (count: number): string => Math.round(count).toLocaleString("en");
