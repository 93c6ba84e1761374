import type { Ingested, Receiver, Settlement } from "@abstrakt-webhooks/core";
import type { LookedAt } from "../backends/open-store.ts";

/** A planted fault: a store or a receiver that breaks a promise. */
export interface PlantedFault {
  store?(store: LookedAt): LookedAt;
  readonly receiver?: Partial<Receiver>;
}

const DAY_MS = 86_400_000;
const LATE_MS = 200;

/** Tells the receiver what an empty store would have said, and writes later. */
const acknowledgesBeforeItWrites: PlantedFault = {
  store: (store) => ({
    ...store,
    async ingest({ jobId, payload, source }, o): Promise<Ingested> {
      const delivery = { jobId, payload, source, fingerprint: jobId };
      setTimeout(() => void store.ingest(delivery, { ...o, leaseMs: 0 }), LATE_MS);
      return { kind: "stored" };
    },
  }),
};

/** Says 200 to whatever the database could not take. */
const acknowledgesWhatFailed: PlantedFault = {
  store: (store) => ({
    ...store,
    ingest: (delivery, o) => store.ingest(delivery, o).catch(() => ({ kind: "stored" })),
  }),
};

/** Knows no repeat that comes after the end: the job is new again. */
const forgetsWhatIsDone: PlantedFault = {
  store: (store) => ({
    ...store,
    async ingest(delivery, o) {
      const ingested = await store.ingest(delivery, o);
      const again = ingested.kind === "duplicate" && ingested.state === "done";
      return again ? { kind: "stored" } : ingested;
    },
  }),
};

/** Settles by job id alone, so that a zombie ends its successor's lease. */
const settlesWithoutFence: PlantedFault = {
  store: (store) => ({
    ...store,
    async settle({ jobId }, settlement) {
      const fence = (await store.get(jobId))?.fence ?? 0;
      return store.settle({ jobId, fence }, settlement);
    },
  }),
};

/** Says that it is done, and leaves the row as it is. */
const doesNotRecordDone: PlantedFault = {
  store: (store) => ({
    ...store,
    settle: async (lease, settlement) =>
      settlement.to === "done" || store.settle(lease, settlement),
  }),
};

/** Extending says yes and does nothing. */
const doesNotExtend: PlantedFault = {
  store: (store) => ({
    ...store,
    settle: async (lease, settlement) =>
      settlement.to === "extend" || store.settle(lease, settlement),
  }),
};

/** A lease is for ever, so nobody takes over from the dead. */
const leasesForEver: PlantedFault = {
  store: (store) => ({
    ...store,
    ingest: (delivery, o) => store.ingest(delivery, { ...o, leaseMs: o.leaseMs && DAY_MS }),
    claim: (o) => store.claim({ ...o, leaseMs: DAY_MS }),
  }),
};

/** A lease is over before it is used. */
const leasesTooShort: PlantedFault = {
  store: (store) => ({
    ...store,
    ingest: (delivery, o) => store.ingest(delivery, { ...o, leaseMs: Math.min(o.leaseMs, 1) }),
    claim: (o) => store.claim({ ...o, leaseMs: 1 }),
  }),
};

/** Every claim shows the first fence. */
const neverMovesTheFence: PlantedFault = {
  store: (store) => ({
    ...store,
    claim: async (o) => (await store.claim(o)).map((lease) => ({ ...lease, fence: 1 })),
    async settle({ jobId }, settlement) {
      const fence = (await store.get(jobId))?.fence ?? 0;
      return store.settle({ jobId, fence }, settlement);
    },
  }),
};

/** Gives a lease back as if the attempt had failed. */
const releaseCountsTheAttempt: PlantedFault = {
  store: (store) => ({
    ...store,
    settle: (lease, settlement) => store.settle(lease, asRetry(settlement)),
  }),
};

const asRetry = (settlement: Settlement): Settlement =>
  settlement.to === "release" ? { to: "retry", delayMs: 0, error: "released" } : settlement;

/** Counts no attempt, so that what kills the process never ends. */
const countsNoAttempts: PlantedFault = {
  store: (store) => ({
    ...store,
    claim: async (o) => (await store.claim(o)).map((lease) => ({ ...lease, attempt: 1 })),
  }),
};

/** Does not look for what the last process left. */
const doesNotRecover: PlantedFault = { receiver: { start: () => undefined } };

/** Ends at once, whatever runs. */
const doesNotDrain: PlantedFault = {
  receiver: { drain: async () => ({ settled: 0, released: 0, lost: 0 }) },
};

/** By the names under which a server process is told to be one of them. */
export const plantedFaults: Record<string, PlantedFault> = {
  acknowledgesBeforeItWrites,
  acknowledgesWhatFailed,
  forgetsWhatIsDone,
  settlesWithoutFence,
  doesNotRecordDone,
  doesNotExtend,
  leasesForEver,
  leasesTooShort,
  neverMovesTheFence,
  releaseCountsTheAttempt,
  countsNoAttempts,
  doesNotRecover,
  doesNotDrain,
};
