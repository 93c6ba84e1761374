import type { NodeBinary } from "../nodes.ts";
import { newName, type StoreName } from "../stores.ts";
import { openMeter, type Work } from "./database-work.ts";
import { drive, rounded, type Driven, type Durations } from "./drive.ts";
import type {
  ConnectionsPoint,
  IdsPoint,
  ReceiversPoint,
  RowsPoint,
  SharedStore,
} from "./results.ts";

export async function measureConnections(
  node: NodeBinary,
  connections: number,
  durations: Durations,
): Promise<ConnectionsPoint> {
  const setups = [{ store: "memory" }] as const;
  const { p50Ms, p99Ms, ...driven } = await drive(node, { setups, connections }, durations);
  return { connections, ...toRate(driven), p50Ms, p99Ms };
}

export async function measureIds(
  node: NodeBinary,
  ids: number,
  durations: Durations,
): Promise<IdsPoint> {
  const setups = [{ store: "memory", ids }] as const;
  const driven = await drive(node, { setups }, durations);
  const bytes = Math.round(driven.reports[0]?.bytesEach ?? Number.NaN);
  return { ids, ...toRate(driven), bytes };
}

export async function measureRows(
  node: NodeBinary,
  store: StoreName,
  rows: number,
  durations: Durations,
): Promise<RowsPoint> {
  const driven = await drive(node, { setups: [{ store, rows }] }, durations);
  const { bytesEach, claimMicros } = driven.reports[0] ?? { bytesEach: NaN, claimMicros: NaN };
  const [bytes, micros] = [Math.round(bytesEach), Math.round(claimMicros)];
  return { store, rows, ...toRate(driven), bytes, claimMicros: micros };
}

/** All receivers share one namespace, and each has a load of its own. */
export async function measureReceivers(
  node: NodeBinary,
  store: SharedStore,
  receivers: number,
  durations: Durations,
): Promise<ReceiversPoint> {
  const meter = await openMeter[store]();
  const read: Work[] = [];
  const setup = { store, namespace: newName() };
  const setups = Array.from({ length: receivers }, () => setup);
  try {
    const driven = await drive(node, { setups }, durations, async () => {
      read.push(await meter.read());
    });
    const each = (key: keyof Work): number | undefined => {
      const [before, after] = read.map((work) => work[key]);
      if (before === undefined || after === undefined) return undefined;
      return rounded((after - before) / driven.answered);
    };
    const [commands, scriptMicros] = [each("commands"), each("scriptMicros")];
    return {
      store,
      receivers,
      ...toRate(driven),
      roundTrips: each("scripts") ?? driven.statementsEach,
      databaseMicros: each("cpuMicros") ?? Number.NaN,
      ...(commands !== undefined && { commands }),
      ...(scriptMicros !== undefined && { scriptMicros }),
    };
  } finally {
    await meter.close();
  }
}

const toRate = ({ perSecond, cpuMicros }: Pick<Driven, "perSecond" | "cpuMicros">) => ({
  perSecond,
  cpuMicros,
});
