import { startChild } from "../child.ts";
import { loadNode, type NodeBinary } from "../nodes.ts";
import type { StoreName } from "../stores.ts";
import type { Burst, BurstLoad } from "./burst-load.ts";
import { rounded } from "./drive.ts";
import type { BurstPoint } from "./results.ts";
import type { Report, Setup, SlowCallbacks } from "./serve.ts";

/** What is sent, and what handles it. */
export interface BurstPlan extends Burst, Omit<SlowCallbacks, "jobs"> {}

/**
 * Sends more results than the callbacks can handle meanwhile, and waits until all are handled.
 *
 * @throws Error when a result had no callback or two, or when the memory store was never full.
 */
export async function measureBurst(
  node: NodeBinary,
  store: "memory" | StoreName,
  { results, seconds, ...slow }: BurstPlan,
): Promise<BurstPoint> {
  const setup: Setup = { store, slow: { ...slow, jobs: results } };
  const receiver = startChild([node.path], "./scale/serve.js", JSON.stringify(setup));
  const load = startChild([loadNode], "./scale/burst-load.js", await receiver.heard<string>());
  try {
    const { peakBytes: startBytes } = await receiver.ask<Report>({});
    const start = performance.now();
    const sent = await load.ask<BurstLoad>({ results, seconds } satisfies Burst);
    const report = await receiver.ask<Report>({});
    const handledMs = performance.now() - start;
    if (report.callbacks !== results || report.repeated > 0) {
      const counts = `${report.callbacks} callbacks, ${report.repeated} of them again`;
      throw new Error(`Expected one callback for each of ${results} results, got ${counts}.`);
    }
    if (store === "memory" && sent.refused === 0) {
      throw new Error("Expected the memory store to be full at some time, got no 503.");
    }
    return {
      store,
      results,
      seconds,
      ...slow,
      refused: sent.refused,
      p50Ms: rounded(sent.p50Ms),
      p99Ms: rounded(sent.p99Ms),
      acceptedSeconds: rounded(sent.acceptedMs / 1_000),
      handledSeconds: rounded(handledMs / 1_000),
      startBytes,
      peakBytes: report.peakBytes,
    };
  } finally {
    await Promise.all([load.end(), receiver.end()]);
  }
}
