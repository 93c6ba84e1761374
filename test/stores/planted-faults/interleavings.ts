import { intact, type Broken } from "./intact.ts";

/** Reads the row of a poll, and gives it up in a second step, although its result has arrived. */
export const givesUpInTwoSteps: Broken = (options) => {
  const store = intact(options);
  const givenUp = new Set<string>();
  return {
    ...store,
    async settlePoll(poll, o) {
      const known = await store.get(poll.jobId);
      const isSettled = await store.settlePoll(poll, o);
      if (isSettled || known?.state !== "expected" || known.fence !== poll.fence) return isSettled;
      givenUp.add(poll.jobId);
      return true;
    },
    async get(jobId) {
      const { payload, ...record } = (await store.get(jobId)) ?? {};
      if (!("jobId" in record)) return undefined;
      if (givenUp.has(jobId)) return { ...record, state: "dead", error: "never_delivered" };
      return { ...record, ...(payload !== undefined && { payload }) };
    },
  };
};

/** Reads a parked row, and writes it as pending in a second step, although a result replaced it. */
export const redrivesInTwoSteps: Broken = (options) => {
  const store = intact(options);
  const written = new Map<string, string>();
  return {
    ...store,
    async redrive(jobId) {
      const known = await store.get(jobId);
      const isRedriven = await store.redrive(jobId);
      if (isRedriven || known?.state !== "dead") return isRedriven;
      written.set(jobId, known.payload ?? "");
      return true;
    },
    async get(jobId) {
      const record = await store.get(jobId);
      const payload = written.get(jobId);
      return record && payload !== undefined ? { ...record, state: "pending", payload } : record;
    },
  };
};

/** Looks for rows whose retention has ended, and deletes them by id in a second step. */
export const prunesInTwoSteps: Broken = (options) => {
  const store = intact(options);
  const ids = new Set<string>();
  const deleted = new Set<string>();
  return {
    ...store,
    async ingest(delivery, o) {
      ids.add(delivery.jobId);
      return store.ingest(delivery, o);
    },
    async prune(o) {
      const records = await Promise.all([...ids].map((jobId) => store.get(jobId)));
      [...ids].forEach((jobId, index) => records[index] === undefined && deleted.add(jobId));
      return store.prune(o);
    },
    get: async (jobId) => (deleted.has(jobId) ? undefined : store.get(jobId)),
  };
};

/** Reads the row of a lease, and settles it in a second step, although it was claimed again. */
export const settlesInTwoSteps: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async settle(lease, settlement) {
      const known = await store.get(lease.jobId);
      const isSettled = await store.settle(lease, settlement);
      return isSettled || (known?.state === "leased" && known.fence === lease.fence);
    },
  };
};
