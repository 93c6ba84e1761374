import type { Backend, DatabaseServer } from "../backends/backend.ts";
import { startProxy, type Proxy } from "../backends/proxy.ts";
import type { Campaign } from "../campaign.ts";
import { acknowledged, toJobHistories } from "../history/job-history.ts";
import { counted, type Outcome } from "../outcome.ts";
import type { Random } from "../random.ts";
import { openRun, STORE_TIMEOUT_MS, type Run, type ServerOptions } from "../run.ts";
import { pause } from "../sender.ts";

const CONNECTIONS = 4;
const HEALTHY_MS = 700;
const LONGEST_PAUSE_MS = 2_000;
const ANSWER_MS = STORE_TIMEOUT_MS + 1_000;

export interface OutageOptions {
  /** The number of times that every fault comes. */
  readonly rounds: number;
  readonly server?: ServerOptions;
  readonly withinMs?: number;
}

type Fault = (o: { database: DatabaseServer; proxy: Proxy; random: Random }) => Promise<void>;

const faults: Record<string, Fault> = {
  async killed({ database, random }) {
    await database.kill();
    await pause(random() * HEALTHY_MS);
    await database.restart();
  },
  async paused({ database, random }) {
    database.pause();
    await pause(random() * LONGEST_PAUSE_MS);
    database.resume();
  },
  async halfOpen({ proxy, random }) {
    proxy.halfOpen();
    await pause(random() * LONGEST_PAUSE_MS);
    proxy.heal();
  },
  async repliesDropped({ proxy }) {
    proxy.dropReplies();
    await pause(HEALTHY_MS);
    proxy.heal();
  },
};

/**
 * Two instances under load share one database that is killed, stopped and cut off. No result is
 * acknowledged without a row, and every refusal comes in time. After the faults every job is
 * settled and every repeat is recognised.
 */
export async function outages(
  campaign: Campaign,
  backend: Backend,
  { rounds, server, withinMs = 30_000 }: OutageOptions,
): Promise<Outcome> {
  const database = backend.server;
  if (database === undefined) throw new Error(`${backend.kind} has no server of its own.`);
  const proxy = await startProxy(database.port);
  const run = openRun(campaign, backend, { port: proxy.port, ...server });
  try {
    const servers = [await run.serve(), await run.serve()];
    let over = false;
    const floods = servers.map(({ port }) => run.sender.flood(port, CONNECTIONS, () => over));
    for (let round = 0; round < rounds; round += 1) {
      for (const fault of Object.values(faults)) {
        await pause(HEALTHY_MS);
        await fault({ database, proxy, random: run.random });
      }
    }
    await pause(HEALTHY_MS);
    over = true;
    await Promise.all(floods);
    for (const { port } of servers.slice(1)) await run.sender.redeliver(port);
    await run.settled(withinMs);

    const violations = run.check({ refusedWithinMs: ANSWER_MS });
    const counts = { ...countFaults(run), "connections harmed": proxy.harmed(), ...counted(run) };
    return { part: "database fails", store: backend.kind, counts, violations };
  } finally {
    await run.close();
    await proxy.close();
  }
}

function countFaults(run: Run): Record<string, number> {
  const jobs = toJobHistories(run.history());
  const answers = jobs.flatMap((job) => job.answers);
  const refused = answers.filter(({ status }) => status === 503);
  const waits = refused.map(({ sentAtMs, atMs }) => Math.round(atMs - sentAtMs));
  return {
    "answered 503": refused.length,
    "slowest 503 in ms": Math.max(0, ...waits),
    "written though refused": jobs.filter((job) => acknowledged(job)[0]?.duplicate).length,
  };
}
