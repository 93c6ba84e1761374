import { startChild, type Child } from "../child.ts";
import type { Load } from "../load.ts";
import { loadNode, type NodeBinary } from "../nodes.ts";
import type { Report, Setup } from "./serve.ts";

/** How long receivers are driven. */
export interface Durations {
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/** What is measured, in processes that are all new. */
export interface Point {
  /** One receiver each. */
  readonly setups: readonly Setup[];
  /** To each receiver. Default 64. */
  readonly connections?: number;
}

/** What receivers did under load, all of them together. */
export interface Driven {
  readonly perSecond: number;
  /** The receivers' CPU time for one delivery. */
  readonly cpuMicros: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly statementsEach: number;
  readonly answered: number;
  /** The last report of each. */
  readonly reports: readonly Report[];
}

/** Job ids of different loads, and of the rows that were there before, lie that far apart. */
const JOBS_OF_A_LOAD = 1_000_000_000;

/**
 * Starts receivers, with a load for each, warms them up and measures.
 *
 * @param onMeasured runs before and after the measurement.
 * @throws Error on any answer that is not the expected one, or when an answered delivery had no
 * callback.
 */
export async function drive(
  node: NodeBinary,
  { setups, connections = 64 }: Point,
  { warmUpSeconds, seconds }: Durations,
  onMeasured: () => Promise<void> = async () => undefined,
): Promise<Driven> {
  const receivers = setups.map((setup) =>
    startChild([node.path], "./scale/serve.js", JSON.stringify(setup)),
  );
  const loads: Child[] = [];
  let sent = 0;
  let answered = 0;
  const load = async (forSeconds: number): Promise<Load[]> => {
    const driven = await Promise.all(loads.map((one) => one.ask<Load>(forSeconds)));
    sent += sumOf(driven, (one) => one.sent);
    answered += sumOf(driven, (one) => one.answered);
    return driven;
  };
  const report = () => Promise.all(receivers.map((receiver) => receiver.ask<Report>({})));
  try {
    const urls = await Promise.all(receivers.map((receiver) => receiver.heard<string>()));
    for (const [index, url] of urls.entries()) {
      const numbers = [connections, (index + 1) * JOBS_OF_A_LOAD].map(String);
      loads.push(startChild([loadNode], "./load.js", url, "express", ...numbers));
    }
    await load(warmUpSeconds);
    const before = await report();
    await onMeasured();
    const measured = await load(seconds);
    const after = await report();
    await onMeasured();
    // Those in flight at the end of a load may have had theirs.
    const callbacks = sumOf(after, (one) => one.callbacks);
    if (callbacks < answered || callbacks > sent) {
      const counts = `${sent} sent, ${answered} answered, ${callbacks} callbacks`;
      throw new Error(`Expected a callback for each answer, got ${counts}.`);
    }
    const deliveries = sumOf(measured, (one) => one.answered);
    if (deliveries === 0) throw new Error(`Expected answers within ${seconds} s, got none.`);
    const grown = (key: "cpuMs" | "statements") =>
      sumOf(after, (one) => one[key]) - sumOf(before, (one) => one[key]);
    return {
      perSecond: Math.round(sumOf(measured, (one) => one.answered / one.seconds)),
      cpuMicros: rounded((grown("cpuMs") / deliveries) * 1_000),
      p50Ms: rounded(Math.max(...measured.map((one) => one.p50Ms))),
      p99Ms: rounded(Math.max(...measured.map((one) => one.p99Ms))),
      statementsEach: rounded(grown("statements") / deliveries),
      answered: deliveries,
      reports: after,
    };
  } finally {
    await Promise.all([...loads, ...receivers].map((child) => child.end()));
  }
}

/** With four digits, which is more than a repeat would confirm. */
export const rounded = (value: number): number => Number(value.toPrecision(4));

const sumOf = <T>(values: readonly T[], of: (value: T) => number): number =>
  values.reduce((sum, value) => sum + of(value), 0);
