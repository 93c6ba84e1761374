import { intact, type Broken } from "./intact.ts";

/** Claims pending rows that are not due. */
export const claimIgnoresDueTime: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async claim(o) {
      const { records } = await store.list({ state: "pending", limit: 1_000 });
      const ids = records.map((record) => record.jobId);
      const claims = ids.slice(0, o.limit).map((jobId) => store.claim({ ...o, jobId }));
      return o.jobId === undefined ? (await Promise.all(claims)).flat() : store.claim(o);
    },
  };
};

/** Claims the newest rows first, so that old rows wait for ever. */
export const newestFirst: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    claim: async (o) => {
      if (o.jobId !== undefined) return store.claim(o);
      const { records } = await store.list({ limit: 1_000 });
      const due = records.filter((record) => record.dueInMs !== undefined && record.dueInMs <= 0);
      due.sort((a, b) => (b.dueInMs ?? 0) - (a.dueInMs ?? 0));
      const claims = due.slice(0, o.limit).map(({ jobId }) => store.claim({ ...o, jobId }));
      return (await Promise.all(claims)).flat();
    },
  };
};

/** Never claims a row whose lease was lost. */
export const lostLeasesForgotten: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    claim: async (o) => (await store.claim(o)).filter((lease) => lease.attempt === 1),
  };
};

/** Reports no lost lease. */
export const lostLeasesHidden: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    claim: async (o) => (await store.claim(o)).map(({ lost: _lost, ...lease }) => lease),
  };
};

/** Replaces the error of the attempt before when a lease is lost. */
export const lostLeaseHidesTheError: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async get(jobId) {
      const record = await store.get(jobId);
      return record?.error?.startsWith("lease_lost") ? { ...record, error: "lease_lost" } : record;
    },
  };
};

/** Counts an attempt when it fails, so one that kills the process never counts. */
export const attemptsCountedAtFailure: Broken = (options) => {
  const store = intact(options);
  const failures = new Map<string, number>();
  return {
    ...store,
    async claim(o) {
      const leases = await store.claim(o);
      return leases.map((lease) => ({ ...lease, attempt: (failures.get(lease.jobId) ?? 0) + 1 }));
    },
    async settle(lease, settlement) {
      const settled = await store.settle(lease, settlement);
      if (settled && settlement.to === "retry") {
        failures.set(lease.jobId, (failures.get(lease.jobId) ?? 0) + 1);
      }
      return settled;
    },
  };
};

/** Settles by job id alone, so an old lease ends its successor's. */
export const settleWithoutFence: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async settle({ jobId }, settlement) {
      const fence = (await store.get(jobId))?.fence ?? 0;
      return store.settle({ jobId, fence }, settlement);
    },
  };
};

/** Releases a lease as if the attempt had failed. */
export const releaseKeepsTheAttempt: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    settle: (lease, settlement) =>
      store.settle(
        lease,
        settlement.to === "release" ? { to: "retry", delayMs: 0, error: "released" } : settlement,
      ),
  };
};

/** Releases a lease without its delay. */
export const releaseIgnoresItsDelay: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    settle: (lease, settlement) =>
      store.settle(lease, settlement.to === "release" ? { to: "release" } : settlement),
  };
};

/** Answers true to an extension and does nothing. */
export const extendDoesNothing: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async settle(lease, settlement) {
      if (settlement.to !== "extend") return store.settle(lease, settlement);
      const record = await store.get(lease.jobId);
      return record?.state === "leased" && record.fence === lease.fence;
    },
  };
};

/** Drops the confirmed result. */
export const confirmedResultIgnored: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    settle: (lease, settlement) =>
      store.settle(lease, settlement.to === "done" ? { to: "done" } : settlement),
  };
};
