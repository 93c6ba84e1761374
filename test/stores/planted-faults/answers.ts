import { intact, type Broken } from "./intact.ts";

/** Declares another retention than it uses. */
export const traitsOfAnother: Broken = (options) => {
  const store = intact(options);
  return { ...store, traits: { ...store.traits, doneTtlMs: 1 } };
};

/** Warns with an empty text. */
export const inspectsInSilence: Broken = (options) => ({
  ...intact(options),
  inspect: async () => ({ warnings: [""] }),
});

/** Is never ready. */
export const neverReady: Broken = (options) => ({
  ...intact(options),
  ready: () => Promise.reject(new Error("not ready")),
});

/** Leaves a row in the store when `ready` is called. */
export const readyLeavesARow: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async ready() {
      await store.expect("probe", { pollAfterMs: 0, giveUpAfterMs: 1 });
    },
  };
};

/** `ready` resolves although the store is full. */
export const readyThoughFull: Broken = (options) => ({
  ...intact(options),
  ready: async () => undefined,
});

/** Always reports something due, so that the loop never sleeps. */
export const dueThoughEmpty: Broken = (options) => {
  const store = intact(options);
  return { ...store, nextDueInMs: async () => (await store.nextDueInMs()) ?? 0 };
};

/** Counts past zero after a row is due. */
export const overdueIsNegative: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async nextDueInMs() {
      const dueInMs = await store.nextDueInMs();
      return dueInMs === 0 ? -1 : dueInMs;
    },
  };
};

/** Reports no due time when a row is due. */
export const dueTimesHidden: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async get(jobId) {
      const { dueInMs: _dueInMs, ...record } = (await store.get(jobId)) ?? {};
      return "jobId" in record ? record : undefined;
    },
  };
};

/** Counts rows, and does not report the age of the oldest. */
export const statsWithoutAge: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async stats() {
      const { oldestPendingMs: _age, ...counts } = await store.stats();
      return counts;
    },
  };
};

/** Counts rows, except the expected ones. */
export const statsWithoutExpected: Broken = (options) => {
  const store = intact(options);
  return { ...store, stats: async () => ({ ...(await store.stats()), expected: 0 }) };
};

/** Reports times in seconds. */
export const timesInSeconds: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async get(jobId) {
      const record = await store.get(jobId);
      if (record?.settledAtMs === undefined) return record;
      const { receivedAtMs = 0, settledAtMs } = record;
      return { ...record, receivedAtMs: receivedAtMs / 1_000, settledAtMs: settledAtMs / 1_000 };
    },
  };
};
