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
import { startUnder, type Child } from "./child.ts";
import type { Subject } from "./comparisons.ts";
import { ACCEPTED, successPayload } from "./delivery.ts";
import type { Report } from "./serve.ts";
import { median } from "./table.ts";

const run = promisify(execFile);

/** Enough for V8 to have compiled what it will compile. Not counted. */
const WARM_UP = 12_000;
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
const NODE = [
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

/** A server of the kit, and what one delivery costs it in each round. */
export interface Instructions {
  readonly subject: Subject;
  readonly title: string;
  readonly rounds: readonly number[];
}

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
export async function countInstructions(subject: Subject): Promise<number> {
  const command = ["valgrind", ...CALLGRIND, process.execPath, ...NODE];
  const server = startUnder(command, "./serve.js", subject, "ours");
  try {
    const url = await server.heard<string>();
    await deliver(url, 0, WARM_UP);
    await monitor(server, "instrumentation", "on");
    const counts = [0];
    for (let step = 0; step < STEPS; step += 1) {
      await deliver(url, WARM_UP + step * STEP, STEP);
      counts.push(await executed(server));
    }
    const { callbacks } = await server.ask<Report>("report");
    const sent = WARM_UP + STEPS * STEP;
    if (callbacks !== sent) throw new Error(`Expected ${sent} callbacks, got ${callbacks}.`);
    return median(counts.slice(1).map((count, step) => (count - (counts[step] ?? 0)) / STEP));
  } finally {
    await server.end();
  }
}

/** One after another, on one connection. */
async function deliver(url: string, first: number, count: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    for (let index = first; index < first + count; index += 1) await deliverOne(url, agent, index);
  } finally {
    agent.destroy();
  }
}

async function deliverOne(url: string, agent: Agent, index: number): Promise<void> {
  const payload = successPayload(index);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": payload.length };
    request(url, { method: "POST", agent, headers }, resolve).on("error", reject).end(payload);
  });
  const answer = `${response.statusCode} ${await text(response)}`;
  if (answer !== `200 ${ACCEPTED}`) throw new Error(`Expected 200 ${ACCEPTED}, got ${answer}.`);
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

/** What people read: medians, every round, and how far the rounds lie apart. */
export function tableOfInstructions(counts: readonly Instructions[]): string {
  const lines = counts.map(({ title, rounds }) => {
    const middle = median(rounds);
    const each = rounds.map((round) => toText(round)).join(" ");
    const apart = ((Math.max(...rounds) - Math.min(...rounds)) / middle) * 100;
    return `  ${title.padEnd(26)} ${toText(middle)} (${each}), ${apart.toFixed(2)} % apart`;
  });
  return ["Instructions for each delivery, medians", ...lines, ""].join("\n");
}

const toText = (count: number): string => Math.round(count).toLocaleString("en");
