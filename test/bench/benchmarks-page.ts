import { comparisons, type Comparison, type Section } from "./comparisons.ts";
import { plusMinus, toRange } from "./console-table.ts";
import { fillTemplate, toCount, toTable, toVersions } from "./markdown.ts";
import {
  goalOf,
  isMet,
  ratioOf,
  spreadOf,
  type Measurement,
  type NodeRun,
  type Results,
} from "./results.ts";
import { serverNames, serverOf, type ServerName } from "./servers.ts";

/** The text of `docs/benchmarks.md`: a template whose `{{names}}` are replaced by what was found. */
export function toPage(results: Results, template: string, profile: string): string {
  const { runs } = results;
  const parts: Record<string, string> = {
    durable: toSection("durable", runs),
    queues: toSection("queues", runs),
    receivers: toSection("receivers", runs),
    limits: toSection("limits", runs),
    options: toSection("options", runs),
    goals: toGoals(runs),
    floors: toFloors(runs),
    servers: toServers(runs),
    date: results.date,
    machine: results.machine,
    rounds: `${results.rounds}`,
    seconds: `${results.seconds}`,
    nodes: runs.map(({ version }) => version).join(" and "),
    versions: toVersions(results.versions),
  };
  const filled = fillTemplate(template, parts);
  return profile === "" ? filled : `${filled}\n${profile}`;
}

const headings = (runs: readonly NodeRun[]): string[] =>
  runs.map(({ version }) => `Node ${version.split(".")[0]}`);

function toSection(section: Section, runs: readonly NodeRun[]): string {
  const rows = comparisons
    .filter((comparison) => comparison.section === section)
    .map((comparison) => [
      comparison.title,
      ...runs.map((run) => {
        const ratio = ratioOf(run, comparison);
        return ratio === undefined ? "" : toRange(ratio);
      }),
    ]);
  const head = section === "options" ? "choice" : "against";
  return toTable([[head, ...headings(runs)], ...rows]);
}

function toGoals(runs: readonly NodeRun[]): string {
  const cell = (comparison: Comparison, run: NodeRun): string => {
    const [goal, ratio] = [goalOf(run, comparison), ratioOf(run, comparison)];
    if (goal === undefined || ratio === undefined) return "";
    const reached = `${ratio.median.toFixed(2)} of ${goal}`;
    return isMet(comparison, ratio.median, goal)
      ? reached
      : `${reached}, missed${toBound(comparison, run)}`;
  };
  const rows = comparisons
    .filter(({ goals }) => goals !== undefined)
    .map((comparison) => [comparison.title, ...runs.map((run) => cell(comparison, run))]);
  return toTable([["against", ...headings(runs)], ...rows]);
}

/** The ratio of our server without what is measured, as the words behind a goal that is missed. */
function toBound(comparison: Comparison, run: NodeRun): string {
  const { bound } = comparison;
  const ratio = bound && ratioOf(run, { ...comparison, ours: bound });
  return ratio === undefined ? "" : `; bound ${ratio.median.toFixed(2)}`;
}

/**
 * How long a delivery may take at the goals of the durable stores, and what takes that time. A
 * process runs JavaScript on one core, so it needs at least its CPU time for each delivery.
 */
function toFloors(runs: readonly NodeRun[]): string {
  const stores = comparisons.filter(({ floor }) => floor !== undefined);
  const columns = stores.flatMap((comparison) => runs.map((run) => ({ comparison, run })));
  const heads = stores.flatMap(({ floor }) => headings(runs).map((node) => `${floor}, ${node}`));
  const row = (title: string, micros: (comparison: Comparison, run: NodeRun) => number) => [
    title,
    ...columns.map(({ comparison, run }) => micros(comparison, run).toFixed(0)),
  ];
  const allowed = (comparison: Comparison, run: NodeRun): number => {
    const goal = goalOf(run, comparison) ?? Number.NaN;
    return 1_000_000 / (goal * medianOf(run, comparison.against, "perSecond"));
  };
  const cpu = (run: NodeRun, name: ServerName): number => medianOf(run, name, "cpuMicros");
  return toTable([
    ["CPU µs for each delivery", ...heads],
    row("the goal allows", allowed),
    row("the same server with the memory store", (_, run) => cpu(run, "express")),
    row("so the goal leaves for the store", (c, run) => allowed(c, run) - cpu(run, "express")),
    row("the store needs", ({ ours }, run) => cpu(run, ours) - cpu(run, "express")),
    row("the other side needs", ({ against }, run) => cpu(run, against) - cpu(run, "documented")),
  ]);
}

/** Not a number where the server was not measured. */
const medianOf = ({ servers }: NodeRun, name: ServerName, key: keyof Measurement): number =>
  spreadOf((servers[name] ?? []).map((round) => round[key]))?.median ?? Number.NaN;

/** Every server, on each Node in turn. */
function toServers(runs: readonly NodeRun[]): string {
  const measures = ["requests a second", "CPU µs", "p99 in ms", "instructions"];
  const columns = headings(runs).flatMap((node) =>
    measures.map((measure) => `${node}: ${measure}`),
  );
  const rows = serverNames.map((name) => [
    serverOf(name).title,
    ...runs.flatMap((run) => toCells(run, name)),
  ]);
  return toTable([["server", ...columns], ...rows]);
}

function toCells({ servers, instructions }: NodeRun, name: ServerName): string[] {
  const of = (key: keyof Measurement) => spreadOf((servers[name] ?? []).map((round) => round[key]));
  const [rate, cpu, p99] = [of("perSecond"), of("cpuMicros"), of("p99Ms")];
  const counted = instructions[name];
  return [
    rate === undefined ? "" : `${toCount(rate.median)} ${plusMinus(rate)}`.trim(),
    cpu === undefined ? "" : cpu.median.toFixed(1),
    p99 === undefined ? "" : p99.median.toFixed(1),
    counted === undefined ? "" : toCount(counted),
  ];
}
