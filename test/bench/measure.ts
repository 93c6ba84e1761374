import { setTimeout as sleep } from "node:timers/promises";
import { startChild } from "./child.ts";
import type { Load } from "./load.ts";
import { loadNode, type NodeBinary } from "./nodes.ts";
import type { Measurement } from "./results.ts";
import type { Report } from "./serve.ts";
import type { ServerName } from "./servers.ts";

const WARM_UP_STEP_SECONDS = 0.25;
const MAX_BEHIND_MS = 10_000;

/** How long a server is driven. */
export interface Durations {
  /** In the server's own time, so that a busy machine does not cut the warm-up short. */
  readonly warmUpCpuMs: number;
  /** A server that waits for a disk uses little CPU, so its warm-up ends by the clock. */
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/**
 * Starts a server and a load, each in a process of its own, warms both, measures and ends them.
 *
 * @throws Error on any answer that is not the expected one, or when an answered request had no
 * callback.
 */
export async function measure(
  node: NodeBinary,
  name: ServerName,
  durations: Durations,
): Promise<Measurement> {
  const server = startChild([node.path], "./serve.js", name);
  const load = startChild([loadNode], "./load.js", await server.heard<string>(), name);
  let sent = 0;
  let answered = 0;
  const drive = async (forSeconds: number): Promise<Load> => {
    const driven = await load.ask<Load>(forSeconds);
    sent += driven.sent;
    answered += driven.answered;
    return driven;
  };
  try {
    const endsMs = performance.now() + durations.warmUpSeconds * 1_000;
    let before = await server.ask<Report>({});
    while (before.cpuMs < durations.warmUpCpuMs && performance.now() < endsMs) {
      await drive(WARM_UP_STEP_SECONDS);
      before = await server.ask<Report>({});
    }
    const measured = await drive(durations.seconds);
    let after = await server.ask<Report>({});
    // A callback may run a while after its answer.
    const byMs = performance.now() + MAX_BEHIND_MS;
    while (after.callbacks < answered && performance.now() < byMs) {
      await sleep(100);
      after = await server.ask<Report>({});
    }
    // Those in flight at the end of a load may have had theirs.
    if (after.callbacks < answered || after.callbacks > sent) {
      const counts = `${sent} sent, ${answered} answered, ${after.callbacks} callbacks`;
      throw new Error(`Expected a callback for each answer of ${name}, got ${counts}.`);
    }
    if (measured.answered === 0) {
      throw new Error(`Expected answers of ${name} within ${durations.seconds} s, got none.`);
    }
    return {
      perSecond: Math.round(measured.answered / measured.seconds),
      cpuMicros: rounded(((after.cpuMs - before.cpuMs) / measured.answered) * 1_000),
      p99Ms: rounded(measured.p99Ms),
    };
  } finally {
    await Promise.all([load.end(), server.end()]);
  }
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
