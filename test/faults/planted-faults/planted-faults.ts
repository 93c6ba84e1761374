import type { Ingested, Receiver, Settlement } from "@abstrakt-webhooks/core";
import type { LookedAt } from "../backends/open-store.ts";

/** A planted fault: a store or a receiver that breaks a promise. */
export interface PlantedFault {
  store?(store: LookedAt): LookedAt;
  readonly receiver?: Partial<Receiver>;
}

const DAY_MS = 86_400_000;
const LATE_MS = 200;

/** Answers as an empty store does, and writes later. */
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

/** Answers `stored` when the database has failed. */
const acknowledgesWhatFailed: PlantedFault = {
  store: (store) => ({
    ...store,
    ingest: (delivery, o) => store.ingest(delivery, o).catch(() => ({ kind: "stored" })),
  }),
};

/** Does not recognise a repeat of a done job: the job is new again. */
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

/** Settles by job id alone, so that a process without the lease settles its successor's. */
const settlesWithoutFence: PlantedFault = {
  store: (store) => ({
    ...store,
    async settle({ jobId }, settlement) {
      const fence = (await store.get(jobId))?.fence ?? 0;
      return store.settle({ jobId, fence }, settlement);
    },
  }),
};

/** Answers that the job is done, and does not change the row. */
const doesNotRecordDone: PlantedFault = {
  store: (store) => ({
    ...store,
    settle: async (lease, settlement) =>
      settlement.to === "done" || store.settle(lease, settlement),
  }),
};

/** Answers that the lease is extended, and does not extend it. */
const doesNotExtend: PlantedFault = {
  store: (store) => ({
    ...store,
    settle: async (lease, settlement) =>
      settlement.to === "extend" || store.settle(lease, settlement),
  }),
};

/** A lease never ends, so no other process takes the jobs of a dead one. */
const leasesForEver: PlantedFault = {
  store: (store) => ({
    ...store,
    ingest: (delivery, o) => store.ingest(delivery, { ...o, leaseMs: o.leaseMs && DAY_MS }),
    claim: (o) => store.claim({ ...o, leaseMs: DAY_MS }),
  }),
};

/** A lease ends before it is used. */
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

/** Releases a lease like an attempt that failed. */
const releaseCountsTheAttempt: PlantedFault = {
  store: (store) => ({
    ...store,
    settle: (lease, settlement) => store.settle(lease, asRetry(settlement)),
  }),
};

const asRetry = (settlement: Settlement): Settlement =>
  settlement.to === "release" ? { to: "retry", delayMs: 0, error: "released" } : settlement;

/** Counts no attempt, so that a result that kills its process never ends. */
const countsNoAttempts: PlantedFault = {
  store: (store) => ({
    ...store,
    claim: async (o) => (await store.claim(o)).map((lease) => ({ ...lease, attempt: 1 })),
  }),
};

/** Does not claim the jobs of the last process. */
const doesNotRecover: PlantedFault = { receiver: { start: () => undefined } };

/** Ends at once, whatever is running. */
const doesNotDrain: PlantedFault = {
  receiver: { drain: async () => ({ settled: 0, released: 0, lost: 0 }) },
};

/** The planted faults by the names that a server process gets. */
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
