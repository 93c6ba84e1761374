import type { JobRecord } from "@abstrakt-webhooks/core";
import { intact, type Broken } from "./intact.ts";

/** Makes a store that returns another record than it has, or none. */
const seenAs =
  (see: (record: JobRecord) => JobRecord | undefined): Broken =>
  (options) => {
    const store = intact(options);
    return {
      ...store,
      async get(jobId) {
        const record = await store.get(jobId);
        return record && see(record);
      },
    };
  };

/** Removes a row as soon as it is done. */
export const doneIsForgotten = seenAs((record) => (record.state === "done" ? undefined : record));

/** Removes the binding of a freed job although it was expected with one. */
export const freedRowForgetsItsExpectation = seenAs((record) => {
  const { binding: _binding, ...unbound } = record;
  return record.state === "dead" ? unbound : record;
});

/** Keeps the binding of a freed job's result. */
export const freedRowKeepsItsBinding: Broken = (options) => {
  const store = intact(options);
  const bindings = new Map<string, string>();
  return {
    ...store,
    async settle(lease, settlement) {
      const { binding } = (await store.get(lease.jobId)) ?? {};
      if (binding !== undefined) bindings.set(lease.jobId, binding);
      return store.settle(lease, settlement);
    },
    async get(jobId) {
      const record = await store.get(jobId);
      const binding = bindings.get(jobId);
      return record && { ...record, ...(binding !== undefined && { binding }) };
    },
  };
};

/** Replaces the error of dead rows by `dead`. */
export const deathWithoutReason: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    settle: (lease, settlement) =>
      store.settle(lease, settlement.to === "dead" ? { ...settlement, error: "dead" } : settlement),
  };
};

/** Refuses text that a one-byte encoding cannot hold. */
export const wordsRefused: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async settle(lease, settlement) {
      if (/[^\x20-\xff]/.test(JSON.stringify(settlement))) throw new Error("no such character");
      return store.settle(lease, settlement);
    },
  };
};

/** Always answers true to a settle. */
export const settleSaysYes: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async settle(lease, settlement) {
      await store.settle(lease, settlement);
      return true;
    },
  };
};

/** Refuses a settle after the lease's end, although the job was not claimed again. */
export const lateSettleRefused: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async settle(lease, settlement) {
      const { dueInMs = 0 } = (await store.get(lease.jobId)) ?? {};
      return dueInMs > 0 && store.settle(lease, settlement);
    },
  };
};

/** Always answers true to a redrive. */
export const redriveSaysYes: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async redrive(jobId) {
      await store.redrive(jobId);
      return true;
    },
  };
};

/** Stores another result for a redriven job. */
export const redriveForgetsTheResult: Broken = (options) => {
  const store = intact(options);
  const redriven = new Set<string>();
  return {
    ...store,
    async redrive(jobId) {
      redriven.add(jobId);
      return store.redrive(jobId);
    },
    ingest: async (delivery, o) =>
      redriven.has(delivery.jobId) ? { kind: "stored" } : store.ingest(delivery, o),
  };
};

/** Marks a job as expected only if `expect` came before the result. */
export const expectedTooLate: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async expect(jobId, o) {
      const known = await store.get(jobId);
      return known?.payload === undefined ? store.expect(jobId, o) : "arrived";
    },
  };
};

/** Begins the retention of every row at its arrival. */
export const everyRowEnds: Broken = (options) => {
  const { clock = Date.now, doneTtlMs = 1e9 } = options;
  const store = intact(options);
  const cameAt = new Map<string, number>();
  const came = (jobId: string) => cameAt.set(jobId, cameAt.get(jobId) ?? clock());
  return {
    ...store,
    async ingest(delivery, o) {
      came(delivery.jobId);
      return store.ingest(delivery, o);
    },
    async expect(jobId, o) {
      came(jobId);
      return store.expect(jobId, o);
    },
    get: async (jobId) =>
      (cameAt.get(jobId) ?? 0) + doneTtlMs < clock() ? undefined : store.get(jobId),
  };
};
