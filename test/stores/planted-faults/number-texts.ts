import { intact, type Broken, type Store } from "./intact.ts";

/** The fields of replies that a database client may return as texts. */
export const NUMBERS = [
  "fence",
  "attempt",
  "attempts",
  "conflicts",
  "polls",
  "receivedAtMs",
  "settledAtMs",
  "dueInMs",
  "oldestPendingMs",
] as const;

/** Makes a store that returns one field as a text, and accepts this text as a fence. */
export const withText =
  (field: (typeof NUMBERS)[number]): Broken =>
  (options) => {
    const store = intact(options);
    const toTexts = <Reply>(reply: Reply): Reply =>
      reply === undefined
        ? reply
        : (JSON.parse(JSON.stringify(reply), (name, value: unknown) =>
            name === field && typeof value === "number" ? String(value) : value,
          ) as Reply);
    const held = <Lease extends { jobId: string; fence: number }>(lease: Lease): Lease => ({
      ...lease,
      fence: Number(lease.fence),
    });
    const broken: Store = {
      ...store,
      ingest: async (delivery, o) => toTexts(await store.ingest(delivery, o)),
      claim: async (o) => toTexts(await store.claim(o)),
      settle: (lease, settlement) => store.settle(held(lease), settlement),
      get: async (jobId) => toTexts(await store.get(jobId)),
      claimPolls: async (o) => toTexts(await store.claimPolls(o)),
      settlePoll: (poll, o) => store.settlePoll(held(poll), o),
      list: async (o) => toTexts(await store.list(o)),
      stats: async () => toTexts(await store.stats()),
    };
    return broken;
  };
