import { availableParallelism } from "node:os";
import { toConsole } from "./console-table.ts";
import { countInstructions } from "./instructions.ts";
import { describeMachine, packageVersions, today, versionOf } from "./machine.ts";
import { measure, type Durations } from "./measure.ts";
import type { NodeBinary } from "./nodes.ts";
import type { Measurement, NodeRun, Results } from "./results.ts";
import { serverOf, type ServerName } from "./servers.ts";

/** Which servers take turns on which Nodes, and for how long. */
export interface Plan extends Durations {
  readonly names: readonly ServerName[];
  readonly nodes: readonly NodeBinary[];
  readonly rounds: number;
  readonly countsInstructions: boolean;
}

interface Taken {
  readonly node: NodeBinary;
  readonly servers: Partial<Record<ServerName, Measurement[]>>;
  readonly instructions: Partial<Record<ServerName, number>>;
}

/** In each round every server on every Node has one turn. Prints what it has found at the end. */
export async function compare(
  plan: Plan,
  databases: Readonly<Record<string, string>>,
): Promise<Results> {
  const taken = plan.nodes.map((node): Taken => ({ node, servers: {}, instructions: {} }));
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const { node, servers } of taken) {
      console.error(`Round ${round} of ${plan.rounds}, Node ${node.major}`);
      for (const name of plan.names) {
        (servers[name] ??= []).push(await measure(node, name, plan));
      }
    }
  }
  if (plan.countsInstructions) await countAll(plan, taken);
  const runs = taken.map(({ node, ...found }): NodeRun => ({ ...found, version: versionOf(node) }));
  for (const run of runs) console.log(toConsole(run));
  return {
    date: today(),
    machine: describeMachine(),
    rounds: plan.rounds,
    seconds: plan.seconds,
    versions: { ...databases, ...packageVersions(COMPARED) },
    runs,
  };
}

/** As many at a time as there are cores: the counts do not depend on the time. */
async function countAll({ names }: Plan, taken: readonly Taken[]): Promise<void> {
  const counted = names.filter((name) => serverOf(name).counted);
  const waiting = taken.flatMap((run) => counted.map((name) => ({ ...run, name })));
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      console.error(`Counting instructions: ${next.name}, Node ${next.node.major}`);
      next.instructions[next.name] = Math.round(await countInstructions(next.node, next.name));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

const COMPARED = {
  "": ["express", "express4", "hono", "@hono/node-server", "libsql", "pg"],
  "test/bench/": [
    "ioredis",
    "bullmq",
    "pg-boss",
    "@octokit/webhooks",
    "standardwebhooks",
    "svix",
    "@polar-sh/express",
    "@polar-sh/hono",
    "autocannon",
  ],
};
