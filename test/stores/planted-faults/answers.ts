import { intact, type Broken } from "./intact.ts";

/** Declares another retention than it keeps. */
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

/** Leaves a row behind when it is asked whether it would take one. */
export const readyLeavesARow: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async ready() {
      await store.expect("probe", { pollAfterMs: 0, giveUpAfterMs: 1 });
    },
  };
};

/** Is ready although it is full. */
export const readyThoughFull: Broken = (options) => ({
  ...intact(options),
  ready: async () => undefined,
});

/** Always reports something due, so that the loop never sleeps. */
export const dueThoughEmpty: Broken = (options) => {
  const store = intact(options);
  return { ...store, nextDueInMs: async () => (await store.nextDueInMs()) ?? 0 };
};

/** Counts on after a row was due. */
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

/** Tells of no row when it is due. */
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

/** Counts rows, and does not tell how long the oldest has waited. */
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
