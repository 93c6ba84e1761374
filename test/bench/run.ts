/**
 * Compares the kit with what people would use instead, and with servers that do less. All servers
 * take turns, every turn in a fresh process, since two runs of one process differ by 10 %. The load
 * comes from autocannon in a process on the other core. One wrong answer ends the run.
 *
 *     pnpm bench                              everything; writes docs/benchmarks.md
 *     pnpm bench --quick                      one short round on one Node; writes nothing
 *     pnpm bench --only express,documented    these servers alone; writes nothing
 *     pnpm bench check                        one delivery to each server: does it do its work?
 *     pnpm bench instructions [--only express,node,hono]
 *     pnpm bench claims [--only sqlite|redis|postgres] [--rows 1000,100000,1000000]
 *     pnpm bench page [--only front|live|mounted]
 *     pnpm bench heap
 *     pnpm bench scale                        everything; writes docs/scale.md
 *     pnpm bench scale --quick                every kind of point, in seconds; writes nothing
 *     pnpm bench scale --only connections     or ids, rows, receivers, burst; writes nothing
 *     pnpm bench docs                         writes both pages again from the recorded results
 *
 * `--rounds 3`, `--seconds 2` and `--node 20,24` change the first three. `instructions` counts with
 * valgrind what a delivery costs. `claims` tells how long a claim takes among few rows and many.
 * `page` tells what the inspector's page costs, over a full store, open, and with nobody who looks.
 * `heap` tells how many bytes the memory store keeps of each done job. `scale` tells what changes with
 * more connections, ids, rows and receivers, and in a burst.
 * The databases are a Redis of its own, with an append-only file, and the PostgreSQL at DATABASE_URL,
 * else one of its own.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { startBackends, type Backends } from "./backends.ts";
import { check } from "./check.ts";
import { areFlat, measureClaims, tableOfClaims } from "./claims.ts";
import { compare } from "./compare.ts";
import { benchHeap } from "./heap.ts";
import { countInstructions, lineOfInstructions, whyNotCounted } from "./instructions.ts";
import { newestNode, nodes, type NodeBinary } from "./nodes.ts";
import { benchPage } from "./page.ts";
import { benchScale, scaleParts } from "./scale/scale.ts";
import { countedNames, serverNames } from "./servers.ts";
import type { StoreName } from "./stores.ts";
import { readResults, readScaleResults, writeDocs, writeScaleDocs } from "./write-docs.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    rounds: { type: "string" },
    seconds: { type: "string" },
    node: { type: "string" },
    rows: { type: "string", default: "1000,100000,1000000" },
  },
});

const STORES: readonly StoreName[] = ["sqlite", "redis", "postgres"];

const commands: Record<string, () => Promise<void>> = {
  compare: compareServers,
  check: checkServers,
  instructions: count,
  claims: timeClaims,
  page: timePage,
  heap: async () => failUnless(await benchHeap()),
  scale: measureScale,
  docs: async () => {
    writeDocs(readResults());
    writeScaleDocs(readScaleResults());
  },
};
const [command = "compare", ...more] = positionals;
const run = commands[command];
if (run === undefined || more.length > 0) {
  throw new Error(`Expected ${Object.keys(commands).join(", ")}, got ${positionals.join(" ")}.`);
}
await run();

async function compareServers(): Promise<void> {
  const { quick, only, node } = values;
  const isFull = !quick && only === undefined && node === undefined;
  if (isFull) await requireValgrind();
  const plan = {
    names: chosen(serverNames, only),
    nodes: isFull ? nodes : chosenNodes(),
    rounds: positiveInteger("rounds", values.rounds ?? (quick ? "1" : "3")),
    seconds: positiveNumber("seconds", values.seconds ?? (quick ? "1" : "2")),
    warmUpCpuMs: quick ? 1_000 : 4_000,
    warmUpSeconds: quick ? 1.5 : 5,
    countsInstructions: isFull,
  };
  const results = await withBackends(({ versions }) => compare(plan, versions));
  if (isFull) writeDocs(results);
}

async function checkServers(): Promise<void> {
  const names = chosen(serverNames, values.only);
  await withBackends(async () => {
    for (const node of chosenNodes()) {
      for (const name of names) await check(node, name);
      console.log(`Node ${node.major}: ${names.length} servers do what is measured.`);
    }
  });
}

async function count(): Promise<void> {
  await requireValgrind();
  const names = chosen(countedNames, values.only ?? "express,node,hono");
  const rounds = positiveInteger("rounds", values.rounds ?? "3");
  for (const node of chosenNodes()) {
    console.log(`Node ${node.major}, instructions for each delivery, medians`);
    for (const name of names) {
      const counts: number[] = [];
      while (counts.length < rounds) counts.push(await countInstructions(node, name));
      console.log(lineOfInstructions(name, counts));
    }
  }
}

async function timeClaims(): Promise<void> {
  const sizes = values.rows.split(",").map((size) => positiveInteger("rows", size));
  await withBackends(async () => {
    for (const store of chosen(STORES, values.only)) {
      const claims = await measureClaims(store, sizes);
      console.log(tableOfClaims(claims));
      failUnless(areFlat(claims));
    }
  });
}

/** On the newest Node, if no other is named. */
async function measureScale(): Promise<void> {
  const { quick, only, node } = values;
  const parts = chosen(scaleParts, only);
  const [binary = newestNode] = node === undefined ? [] : chosenNodes();
  const results = await withBackends(({ versions }) => benchScale(binary, parts, quick, versions));
  if (results !== undefined && !quick && node === undefined) writeScaleDocs(results);
}

async function timePage(): Promise<void> {
  const [node = newestNode] = chosenNodes();
  const rounds = positiveInteger("rounds", values.rounds ?? "3");
  const seconds = positiveNumber("seconds", values.seconds ?? "8");
  failUnless(await benchPage(node, values.only, rounds, seconds));
}

function failUnless(isMet: boolean): void {
  if (!isMet) process.exitCode = 1;
}

async function withBackends<T>(work: (backends: Backends) => Promise<T>): Promise<T> {
  const backends = await startBackends();
  try {
    return await work(backends);
  } finally {
    await backends.stop();
  }
}

async function requireValgrind(): Promise<void> {
  const reason = await whyNotCounted();
  if (reason !== undefined) throw new Error(reason);
}

/** Those of a list that are named, or all. */
function chosen<T extends string>(known: readonly T[], names: string | undefined): readonly T[] {
  const wanted = names?.split(",") ?? known;
  const unknown = wanted.filter((name) => !known.includes(name as T));
  if (unknown.length === 0) return known.filter((name) => wanted.includes(name));
  throw new Error(`Expected some of ${known.join(", ")}, got ${unknown.join(", ")}.`);
}

/** Those of `--node`; else the one that runs this, or the first where that is another version. */
function chosenNodes(): readonly NodeBinary[] {
  const majors = nodes.map(({ major }) => major);
  const own = majors.find((major) => process.version.startsWith(`v${major}.`)) ?? majors[0];
  const wanted = chosen(majors, values.node ?? own);
  return nodes.filter(({ major }) => wanted.includes(major));
}

function positiveNumber(name: string, text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new Error(`Expected --${name} to be a positive number, got ${text}.`);
}

function positiveInteger(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`Expected --${name} to be a positive integer, got ${text}.`);
}
