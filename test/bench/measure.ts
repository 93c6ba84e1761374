import { startChild } from "./child.ts";
import type { Side, Subject } from "./comparisons.ts";
import type { Load } from "./load.ts";
import type { Report } from "./serve.ts";

/** Counted in the server's own time, so that a busy machine does not cut the warm-up short. */
const WARM_UP_CPU_MS = 2_500;
const WARM_UP_STEP_SECONDS = 0.25;

/** One server in one round. */
export interface Measurement {
  readonly perSecond: number;
  /** The server's CPU time for one request: less moved by what else the machine does. */
  readonly cpuMicros: number;
  /** Share of the time in which the server had a core: near 1, or it has waited for the load. */
  readonly busy: number;
}

/**
 * Starts a server and a load, each in a process of its own, warms both, measures and ends them.
 *
 * @throws Error on any answer that is not the expected one, or when an answered request had no
 * callback.
 */
export async function measure(subject: Subject, side: Side, seconds: number): Promise<Measurement> {
  const server = startChild("./serve.js", subject, side);
  const load = startChild("./load.js", await server.heard<string>());
  let sent = 0;
  let answered = 0;
  const drive = async (forSeconds: number): Promise<Load> => {
    const driven = await load.ask<Load>(forSeconds);
    sent += driven.sent;
    answered += driven.answered;
    return driven;
  };
  try {
    let before = await server.ask<Report>("report");
    while (before.cpuMs < WARM_UP_CPU_MS) {
      await drive(WARM_UP_STEP_SECONDS);
      before = await server.ask<Report>("report");
    }
    const measured = await drive(seconds);
    const after = await server.ask<Report>("report");
    // Those in flight at the end of a load may have had theirs.
    if (after.callbacks < answered || after.callbacks > sent) {
      const counts = `${sent} sent, ${answered} answered, ${after.callbacks} callbacks`;
      throw new Error(`${subject} ${side}: ${counts}.`);
    }
    const cpuMs = after.cpuMs - before.cpuMs;
    return {
      perSecond: measured.answered / measured.seconds,
      cpuMicros: (cpuMs / measured.answered) * 1_000,
      busy: cpuMs / 1_000 / measured.seconds,
    };
  } finally {
    await Promise.all([load.end(), server.end()]);
  }
}
