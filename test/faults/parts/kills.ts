import type { Backend } from "../backends/backend.ts";
import type { Campaign } from "../campaign.ts";
import { counted, toViolation, type Outcome } from "../outcome.ts";
import { openRun, type Run, type ServerOptions } from "../run.ts";
import { pause } from "../sender.ts";
import { FAILPOINTS } from "../server/server-config.ts";

const CONNECTIONS = 8;
/** The kill comes when a point is reached for the nth time; n is random up to this. */
const LATEST = 12;
const LONGEST_LIFE_MS = 60;

export interface KillOptions {
  readonly kills: number;
  readonly server?: ServerOptions;
  /** The time that the last server has for the remaining jobs. */
  readonly withinMs?: number;
}

/**
 * Kills one server after the other under load with flaky callbacks and duplicates: at every
 * failpoint in turn and at random times, all on one store. The last server handles the remaining
 * jobs.
 */
export async function serversKilled(
  campaign: Campaign,
  backend: Backend,
  { kills, server, withinMs = 30_000 }: KillOptions,
): Promise<Outcome> {
  const run = openRun(campaign, backend, server);
  try {
    const unreached = await killAll(run, kills);
    const handled = backend.kind === "memory" || (await finish(run, withinMs));
    const violations = [
      ...run.check(),
      ...(handled ? [] : [toViolation("the last server has not handled what was left to it")]),
    ];
    const counts = { kills, "point not reached": unreached, ...counted(run) };
    return { part: "kill -9", store: backend.kind, counts, violations };
  } finally {
    await run.close();
  }
}

/** The remaining jobs must be handled before a request arrives that would wake the server. */
async function finish(run: Run, withinMs: number): Promise<boolean> {
  const { port } = await run.serve();
  const handled = await run.settled(withinMs);
  await run.sender.redeliver(port);
  await run.settled(withinMs);
  return handled;
}

/** Returns the number of servers that had to be killed because their point was not reached. */
async function killAll(run: Run, count: number): Promise<number> {
  let unreached = 0;
  for (let index = 0; index < count; index += 1) {
    const at = FAILPOINTS[index % (FAILPOINTS.length + 1)];
    const nth = 1 + Math.floor(run.random() * LATEST);
    const server = await run.serve(at === undefined ? {} : { failpoint: { at, nth } });
    const lifeMs = at === undefined ? run.random() * LONGEST_LIFE_MS : 5_000;
    const timer = setTimeout(() => {
      unreached += Number(at !== undefined);
      server.signal("SIGKILL");
    }, lifeMs);
    await run.sender.flood(server.port, CONNECTIONS, () => !server.isRunning());
    const how = await server.ended;
    clearTimeout(timer);
    if (how !== "SIGKILL") throw new Error(`${server.by} ended with ${how} instead of SIGKILL.`);
    await pause(0);
  }
  return unreached;
}
