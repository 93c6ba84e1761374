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
