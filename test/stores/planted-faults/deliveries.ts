import { intact, type Broken, type Store } from "./intact.ts";

type Ingest = (store: Store) => Store["ingest"];

/** The intact store with another `ingest`. */
const withIngest =
  (ingest: Ingest): Broken =>
  (options) => {
    const store = intact(options);
    return { ...store, ingest: ingest(store) };
  };

/** Parses the payload and formats it again. */
export const payloadTidied = withIngest(
  (store) => (delivery, o) =>
    store.ingest({ ...delivery, payload: JSON.stringify(JSON.parse(delivery.payload)) }, o),
);

/** Records `webhook` as the source of every result. */
export const sourceForgotten = withIngest(
  (store) => (delivery, o) => store.ingest({ ...delivery, source: "webhook" }, o),
);

/** Stores a result without the lease that was asked for. */
export const neverLeases = withIngest(
  (store) => (delivery, o) => store.ingest(delivery, { ...o, leaseMs: 0 }),
);

/** Stores a result by a lease that it releases, so that the first attempt is the second. */
export const storingCountsAsAttempt = withIngest((store) => async (delivery, o) => {
  const ingested = await store.ingest(delivery, { ...o, leaseMs: o.leaseMs || 1_000 });
  if (o.leaseMs > 0 || ingested.kind !== "leased") return ingested;
  await store.settle(ingested.lease, { to: "retry", delayMs: 0, error: "stored" });
  return { kind: "stored" };
});

/** A repeat makes a dead job due again. */
export const repeatRevivesTheDead = withIngest((store) => async (delivery, o) => {
  const ingested = await store.ingest(delivery, o);
  if (ingested.kind === "duplicate") await store.redrive(delivery.jobId);
  return ingested;
});

/** A contradicting result ends the lease. */
export const conflictEndsTheLease = withIngest((store) => async (delivery, o) => {
  const ingested = await store.ingest(delivery, o);
  const { jobId } = delivery;
  const fence = (await store.get(jobId))?.fence ?? 0;
  if (ingested.kind === "conflict") await store.settle({ jobId, fence }, { to: "release" });
  return ingested;
});

/** Compares a result with the first result of any job. */
export const oneResultForAll = withIngest((store) => {
  let first: string | undefined;
  return async (delivery, o) => {
    first ??= delivery.fingerprint;
    if (delivery.fingerprint === undefined || delivery.fingerprint === first) {
      return store.ingest(delivery, o);
    }
    return { kind: "conflict", state: "leased", reason: "result" };
  };
});

/** Treats two versions of a fingerprint as two results. */
export const versionsContradict = withIngest((store) => async (delivery, o) => {
  const { fingerprint = "", jobId } = delivery;
  const known = await store.get(jobId);
  if (known === undefined || fingerprint.startsWith("1")) return store.ingest(delivery, o);
  return { kind: "conflict", state: known.state, reason: "result" };
});

/** Checks first whether a job is expected, and then stores the result in a second step. */
export const expectedRowTakenByEverybody = withIngest((store) => async (delivery, o) => {
  const known = await store.get(delivery.jobId);
  const ingested = await store.ingest(delivery, o);
  if (known?.state !== "expected" || ingested.kind !== "duplicate") return ingested;
  const { jobId, payload, source } = delivery;
  const lease = { jobId, payload, source, fence: 1, attempt: 1, receivedAtMs: 1 };
  return { kind: "leased", lease };
});

/** A parked payload prevents the result. */
export const parkedRowTaken = withIngest((store) => async (delivery, o) => {
  const known = await store.get(delivery.jobId);
  if (known?.error !== "unrecognized" || !delivery.fingerprint) return store.ingest(delivery, o);
  return { kind: "conflict", state: "dead", reason: "result" };
});

/** Accepts a repeat from any URL. */
export const repeatByAnyBinding = withIngest((store) => async (delivery, o) => {
  const known = await store.get(delivery.jobId);
  if (known === undefined) return store.ingest(delivery, o);
  const { binding: _binding, ...unbound } = delivery;
  return store.ingest(unbound, o);
});

/** Treats a missing binding as one that differs. */
export const noBindingIsAnother = withIngest((store) => async (delivery, o) => {
  const known = await store.get(delivery.jobId);
  if (known === undefined || known.binding === delivery.binding) return store.ingest(delivery, o);
  return { kind: "conflict", state: known.state, reason: "binding" };
});
