import { Agent } from "node:http";
import type { Backend } from "../backends/backend.ts";
import type { Campaign } from "../campaign.ts";
import type { HistoryEvent } from "../history/event.ts";
import { machineMs } from "../history/history.ts";
import { counted, toViolation, type Outcome } from "../outcome.ts";
import { openRun, type ServerOptions } from "../run.ts";
import { pause } from "../sender.ts";

const CONNECTIONS = 8;
const LONGEST_CALLBACK_MS = 30_000;
const WAITING = 30;
const BUDGET_MS = 5_000;
/** The time until the balancer sends nothing more to an instance that is about to end. */
const BALANCER_MS = 1_000;
/** The time for the process to end after the drain. */
const GRACE_MS = 2_000;

/**
 * SIGTERM arrives under load that continues for a second, with callbacks of 0 to 30 s and a drain
 * timeout of five. The process ends in time, and no connection is reset. Unfinished jobs are
 * released without counting an attempt, for the next process.
 */
export async function drained(
  campaign: Campaign,
  backend: Backend,
  options?: ServerOptions,
): Promise<Outcome> {
  const run = openRun(campaign, backend, { drainMs: BUDGET_MS, ...options });
  try {
    const server = await run.serve();
    const agent = new Agent({ keepAlive: true });
    for (let index = 0; index < WAITING; index += 1) {
      const ms = Math.floor((LONGEST_CALLBACK_MS * index) / WAITING);
      await run.sender.send(server.port, `wait-${ms}-${index}`, agent);
    }
    agent.destroy();
    let over = false;
    const flood = run.sender.flood(server.port, CONNECTIONS, () => over || !server.isRunning());
    await pause(300);
    const askedAtMs = machineMs();
    server.signal("SIGTERM");
    await pause(BALANCER_MS);
    over = true;
    await flood;
    const code = await server.ended;
    const tookMs = Math.round(machineMs() - askedAtMs);
    await run.serve({ quick: true });
    await run.settled(15_000);

    const resets = run.history().filter(isReset).length;
    const released = run.history().filter((one) => one.kind === "settled" && one.to === "release");
    const broken = [
      ...(resets > 0 ? [`${resets} connections were reset`] : []),
      ...(released.length === 0 ? ["no lease was released"] : []),
      ...(code === 0 ? [] : [`ended with ${code}`]),
      ...(tookMs <= BUDGET_MS + GRACE_MS ? [] : [`ended after ${tookMs} ms`]),
    ];
    const counts = { released: released.length, resets, "ms until the end": tookMs };
    return {
      part: "SIGTERM",
      store: backend.kind,
      counts: { ...counts, ...counted(run) },
      violations: [...run.check(), ...broken.map(toViolation)],
    };
  } finally {
    await run.close();
  }
}

const isReset = (one: HistoryEvent): boolean =>
  one.kind === "answered" && one.status === 0 && one.error !== "ECONNREFUSED";
