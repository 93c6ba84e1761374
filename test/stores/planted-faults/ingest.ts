import type { Lease } from "@abstrakt-webhooks/core";
import { intact, type Broken } from "./intact.ts";

/** Reads and writes in two steps, so that two deliveries can both write. */
export const getThenSet: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async ingest(delivery, o) {
      const known = await store.get(delivery.jobId);
      const ingested = await store.ingest(delivery, o);
      if (known !== undefined || ingested.kind !== "duplicate") return ingested;
      const { jobId, payload, source } = delivery;
      const lease: Lease = { jobId, payload, source, fence: 1, attempt: 1, receivedAtMs: 1 };
      return { kind: "leased", lease };
    },
  };
};

/** The last result replaces the first. */
export const conflictOverwrites: Broken = (options) => {
  const store = intact(options);
  const newest = new Map<string, string>();
  return {
    ...store,
    async ingest(delivery, o) {
      const ingested = await store.ingest(delivery, o);
      if (ingested.kind === "conflict") newest.set(delivery.jobId, delivery.payload);
      return ingested;
    },
    async get(jobId) {
      const record = await store.get(jobId);
      const payload = newest.get(jobId);
      return record && { ...record, ...(payload !== undefined && { payload }) };
    },
  };
};

/** Removes the oldest row for a new job, although it is live. */
export const lruForLiveRows: Broken = ({ maxLive = 10_000, ...options }) => {
  const store = intact(options);
  const kept: string[] = [];
  const isGone = (jobId: string) => !kept.includes(jobId);
  const keep = (jobId: string) => {
    if (isGone(jobId)) kept.push(jobId);
    if (kept.length > maxLive) kept.shift();
  };
  return {
    ...store,
    async ingest(delivery, o) {
      keep(delivery.jobId);
      return store.ingest(delivery, o);
    },
    async expect(jobId, o) {
      keep(jobId);
      return store.expect(jobId, o);
    },
    get: async (jobId) => (isGone(jobId) ? undefined : store.get(jobId)),
    claim: async (o) => (await store.claim(o)).filter((lease) => !isGone(lease.jobId)),
  };
};

/** Compares ids as a database with a case-insensitive collation does. */
export const caselessIds: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    ingest: (delivery, o) => store.ingest({ ...delivery, jobId: delivery.jobId.toLowerCase() }, o),
  };
};

/** Uses a column of at most 64 kB. */
export const shortPayloads: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    ingest: (delivery, o) =>
      store.ingest({ ...delivery, payload: delivery.payload.slice(0, 65_535) }, o),
  };
};

/** Compares bindings, except when the row is an expected one. */
export const expectedRowTakenByAnyBinding: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async ingest({ binding, ...delivery }, o) {
      const known = await store.get(delivery.jobId);
      const isBound = known?.state !== "expected" && binding !== undefined;
      return store.ingest({ ...delivery, ...(isBound && { binding }) }, o);
    },
  };
};

/** Records that an unrecognised payload came, but not the payload. */
export const parkedPayloadLost: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    ingest: (delivery, o) =>
      store.ingest(delivery.fingerprint ? delivery : { ...delivery, payload: "" }, o),
  };
};

/** Answers that an unrecognised payload is parked, and drops it. */
export const parkingDropped: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    ingest: async (delivery, o) =>
      delivery.fingerprint ? store.ingest(delivery, o) : { kind: "parked" },
  };
};
