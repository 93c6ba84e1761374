import type { JobRecord, Lease } from "@abstrakt-webhooks/core";
import { intact, type Broken } from "./intact.ts";

const toLease = ({ jobId, payload = "", source = "webhook", fence }: JobRecord): Lease => ({
  jobId,
  payload,
  source,
  fence: fence + 1,
  attempt: 1,
  receivedAtMs: 1,
});

/** Reads the due rows, and claims them in a second step. */
export const looksThenClaims: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async claim(o) {
      if (o.jobId !== undefined) return store.claim(o);
      const { records } = await store.list({ state: "pending", limit: o.limit });
      const leases = await store.claim(o);
      const isNew = ({ jobId }: JobRecord) => leases.every((lease) => lease.jobId !== jobId);
      return [...leases, ...records.filter(isNew).map(toLease)];
    },
  };
};

/** Claims more rows than its limit. */
export const claimIgnoresItsLimit: Broken = (options) => {
  const store = intact(options);
  return { ...store, claim: (o) => store.claim({ ...o, limit: 1_000 }) };
};

/** Claims a row by id although another owner holds its lease. */
export const claimByIdIgnoresTheLease: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async claim(o) {
      const held = o.jobId === undefined ? undefined : await store.get(o.jobId);
      if (held?.state === "leased") await store.settle(held, { to: "release" });
      return store.claim(o);
    },
  };
};

/** Claims a row by id although it is done or dead. */
export const claimByIdRunsAgain: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async claim(o) {
      const row = o.jobId === undefined ? undefined : await store.get(o.jobId);
      return row?.state === "done" ? [toLease(row)] : store.claim(o);
    },
  };
};

/** Returns the claimed rows in the reverse order. */
export const claimsBackwards: Broken = (options) => {
  const store = intact(options);
  return { ...store, claim: async (o) => (await store.claim(o)).toReversed() };
};
