/**
 * What a delivery costs, by cause: each server under V8's sampling profiler, beside the one that only
 * parses. Writes `test/bench/profile.md`, a part of `docs/benchmarks.md`.
 *
 *     node test/bench/dist/bench/profile.js                  everything
 *     node test/bench/dist/bench/profile.js sqlite,postgres  these servers alone; writes nothing
 *
 * @module
 */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startBackends } from "./backends.ts";
import { startChild } from "./child.ts";
import type { Load } from "./load.ts";
import { loadNode, nodes } from "./nodes.ts";
import { openMeter } from "./scale/database-work.ts";
import type { Report } from "./serve.ts";
import { servers, type ServerName } from "./servers.ts";

const WARM_UP_CPU_MS = 3_000;
const MEASURED_CPU_MS = 4_000;
const STEP_SECONDS = 1;
const SAMPLE_MICROS = 250;

const DRIVER = "database driver";

/** A cause, and the places in the code that count for it: `function file`. The first one counts. */
const CAUSES: readonly (readonly [title: string, place: RegExp])[] = [
  ["garbage", /^\(garbage collector\)/],
  [
    "body",
    /packages\/core\/dist\/(receiver\/http\/(node-delivery|web-delivery|read-body)|body)\.js/,
  ],
  ["body", /packages\/hono\/dist\/(hono-delivery|unread-on-node)\.js/],
  ["parse", /read-payload\.js|dist\/encoding\.js|node:internal\/encoding/],
  ["validate", /\/zod\/|core\/dist\/payload\/(parse-payload|item-url|job-id|output-schema)\.js/],
  ["fingerprint", /payload\/fingerprint\.js/],
  [DRIVER, /node_modules\/(libsql|pg|pg-pool|pg-protocol|pg-types)\//],
  ["store", /lru-cache|core\/dist\/store\/|packages\/store-/],
  ["deadlines and clocks", /core\/dist\/(deadline|clock)\.js|^now /],
  ["events", /receiver\/events\//],
  ["answer and callback", /packages\/(core|express|hono)\/dist\//],
  [
    "promises and turns",
    /processTicksAndRejections|runMicrotasks|node:internal\/timers|node:timers/,
  ],
  ["promises and turns", /node:internal\/process\/(promises|task_queues)|node:async_hooks/],
  // JSON.parse and the callback of the server that only parses are here as well.
  ["server and framework", /./],
];
const TITLES = [...new Set(CAUSES.map(([title]) => title))];

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
  readonly startTime: number;
}

/** CPU microseconds for each delivery, by cause. */
type Costs = ReadonlyMap<string, number>;

/** The time of PostgreSQL's own processes, which is not in the sum. */
const IN_POSTGRES = "PostgreSQL's processes";

/** What does less, and this kit on the same server. */
const PAIRS: readonly (readonly [less: ServerName, ours: ServerName])[] = [
  ["documented", "express"],
  ["node-limit", "node"],
  ["hono-limit", "hono"],
  ["sqlite-by-hand", "sqlite"],
  ["postgres-by-hand", "postgres"],
];

async function costsOf(node: string, name: ServerName): Promise<Costs> {
  const folder = await mkdtemp(join(tmpdir(), "profile-"));
  const profiler = ["--cpu-prof", `--cpu-prof-interval=${SAMPLE_MICROS}`, "--cpu-prof-dir", folder];
  const server = startChild([node, ...profiler], "./serve.js", name);
  const load = startChild([loadNode], "./load.js", await server.heard<string>(), name);
  const meter = name.startsWith("postgres") ? await openMeter.postgres() : undefined;
  try {
    const drive = async (upToMs: number): Promise<{ answered: number; cpuMs: number }> => {
      let answered = 0;
      const before = await server.ask<Report>({});
      for (let after = before; ; after = await server.ask<Report>({})) {
        const cpuMs = after.cpuMs - before.cpuMs;
        if (cpuMs >= upToMs) return { answered, cpuMs };
        answered += (await load.ask<Load>(STEP_SECONDS)).answered;
      }
    };
    await drive(WARM_UP_CPU_MS);
    const workBefore = await meter?.read();
    const fromMicros = nowMicros();
    const { answered, cpuMs } = await drive(MEASURED_CPU_MS);
    const toMicros = nowMicros();
    const work = await meter?.read();
    await Promise.all([load.end(), server.end()]);
    const shares = sharesOf(await readProfile(folder), fromMicros, toMicros);
    const cpuMicros = (cpuMs / answered) * 1_000;
    const costs = new Map(TITLES.map((title) => [title, (shares.get(title) ?? 0) * cpuMicros]));
    if (workBefore === undefined || work === undefined) return costs;
    return costs.set(IN_POSTGRES, (work.cpuMicros - workBefore.cpuMicros) / answered);
  } finally {
    await meter?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The profiler's clock. */
const nowMicros = (): number => Number(process.hrtime.bigint() / 1_000n);

async function readProfile(folder: string): Promise<Profile> {
  const [name = ""] = await readdir(folder);
  return JSON.parse(await readFile(join(folder, name), "utf8")) as Profile;
}

/** The share of each cause in the samples between two times, but for those in which nothing ran. */
function sharesOf(profile: Profile, fromMicros: number, toMicros: number): Map<string, number> {
  const causes = causesOf(profile);
  const counts = new Map<string, number>();
  let atMicros = profile.startTime;
  let total = 0;
  profile.samples.forEach((id, index) => {
    atMicros += profile.timeDeltas[index] ?? 0;
    const cause = causes.get(id);
    if (cause === undefined || atMicros < fromMicros || atMicros > toMicros) return;
    counts.set(cause, (counts.get(cause) ?? 0) + 1);
    total += 1;
  });
  return new Map([...counts].map(([cause, count]) => [cause, count / total]));
}

/** The cause of each node, but for those in which nothing ran. */
function causesOf({ nodes: called }: Profile): Map<number, string> {
  const byId = new Map(called.map((node) => [node.id, node]));
  const causes = new Map<number, string>();
  const visit = ({ id, callFrame, children = [] }: ProfileNode, caller: string): void => {
    const place = `${callFrame.functionName} ${callFrame.url}`;
    const own = CAUSES.find(([, pattern]) => pattern.test(place))?.[0] ?? "";
    // A socket's write counts for the driver if the driver writes.
    const cause = caller === DRIVER && own === TITLES.at(-1) ? caller : own;
    if (callFrame.functionName !== "(idle)") causes.set(id, cause);
    for (const child of children.flatMap((childId) => byId.get(childId) ?? [])) visit(child, cause);
  };
  const [root] = called;
  if (root) visit(root, "");
  return causes;
}

const sum = (costs: Costs): number =>
  TITLES.reduce((all, title) => all + (costs.get(title) ?? 0), 0);

function toTable(titles: readonly string[], baseline: Costs, ours: Costs): string {
  const row = (name: string, theirs: number, own: number): string =>
    `| ${name} | ${theirs.toFixed(1)} | ${own.toFixed(1)} | ${(own - theirs).toFixed(1)} |`;
  return [
    `| CPU microseconds | ${titles.join(" | ")} | more |`,
    "| --- | --- | --- | --- |",
    ...TITLES.map((name) => row(name, baseline.get(name) ?? 0, ours.get(name) ?? 0)),
    row("**all**", sum(baseline), sum(ours)),
    ...(ours.has(IN_POSTGRES)
      ? [row(IN_POSTGRES, baseline.get(IN_POSTGRES) ?? 0, ours.get(IN_POSTGRES) ?? 0)]
      : []),
    "",
  ].join("\n");
}

async function sectionOf(node: string, pairs: typeof PAIRS): Promise<string> {
  const version = (await promisify(execFile)(node, ["--version"])).stdout.trim();
  const tables: string[] = [];
  for (const [less, ours] of pairs) {
    const titles = [servers[less].title, servers[ours].title];
    tables.push(toTable(titles, await costsOf(node, less), await costsOf(node, ours)));
    console.log(`${version}\n${tables.at(-1)}`);
  }
  return `### Node ${version}\n\n${tables.join("\n")}`;
}

const only = process.argv[2]?.split(",");
const pairs = PAIRS.filter(([, ours]) => only === undefined || only.includes(ours));
const sections: string[] = [];
const backends = await startBackends();
try {
  for (const { path } of nodes) sections.push(await sectionOf(path, pairs));
} finally {
  await backends.stop();
}
if (only === undefined) {
  await writeFile(
    new URL("../../profile.md", import.meta.url),
    `## What a delivery costs

CPU microseconds for each delivery by cause: the samples of V8's profiler, by the file that ran. The
profiler and other work on the machine make all figures larger, so compare the columns of one table.
SQLite works inside its driver's calls. PostgreSQL works in processes of its own.
\`node test/bench/dist/bench/profile.js\` writes this section.

${sections.join("\n")}`,
  );
}
