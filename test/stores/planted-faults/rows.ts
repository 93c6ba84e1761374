import { intact, type Broken } from "./intact.ts";

/** Keeps rows for ever, whatever its traits say. */
export const ttlIgnored: Broken = (options) => {
  const { doneTtlMs, deadTtlMs, ...rest } = options;
  return { ...intact(rest), traits: intact(options).traits };
};

/** Uses one retention for both: dead rows end as soon as done rows. */
export const oneTtlForAll: Broken = (options) => {
  const { doneTtlMs, deadTtlMs } = options;
  const shorter = Math.min(doneTtlMs ?? 1e9, deadTtlMs ?? 1e9);
  const store = intact({ ...options, doneTtlMs: shorter, deadTtlMs: shorter });
  return { ...store, traits: intact(options).traits };
};

/** Prunes more rows than its limit. */
export const pruneIgnoresItsLimit: Broken = (options) => {
  const store = intact(options);
  return { ...store, prune: () => store.prune({ limit: 1_000 }) };
};

/** Resets the fence of a redriven row. */
export const fenceReusedAfterRedrive: Broken = (options) => {
  const store = intact(options);
  const bases = new Map<string, number>();
  const base = (jobId: string) => bases.get(jobId) ?? 0;
  return {
    ...store,
    async redrive(jobId) {
      const record = await store.get(jobId);
      const redriven = await store.redrive(jobId);
      if (redriven) bases.set(jobId, record?.fence ?? 0);
      return redriven;
    },
    async claim(o) {
      const leases = await store.claim(o);
      return leases.map((lease) => ({ ...lease, fence: lease.fence - base(lease.jobId) }));
    },
    settle: ({ jobId, fence }, settlement) =>
      store.settle({ jobId, fence: fence + base(jobId) }, settlement),
  };
};

/** Keeps the attempts of a redriven row, so it is dead again at once. */
export const redriveKeepsTheAttempts: Broken = (options) => {
  const store = intact(options);
  const redriven = new Set<string>();
  return {
    ...store,
    async redrive(jobId) {
      redriven.add(jobId);
      return store.redrive(jobId);
    },
    async claim(o) {
      const leases = await store.claim(o);
      return leases.map((lease) =>
        redriven.has(lease.jobId) ? { ...lease, attempt: lease.attempt + 1 } : lease,
      );
    },
  };
};

/** Settles a poll although the result has already arrived. */
export const pollSurvivesTheResult: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async settlePoll(poll, o) {
      const record = await store.get(poll.jobId);
      return (await store.settlePoll(poll, o)) || record?.state === "leased";
    },
  };
};

/** Expects a job whose result has already arrived. */
export const expectForgetsTheArrived: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async expect(jobId, o) {
      await store.expect(jobId, o);
      return "expected";
    },
  };
};

/** Answers `arrived`, whatever the URL of the result. */
export const arrivedByAnyUrl: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async expect(jobId, o) {
      const answer = await store.expect(jobId, o);
      return answer === "contested" ? "arrived" : answer;
    },
  };
};

/** Keeps the first binding with which a job was expected. */
export const firstUrlKept: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async expect(jobId, { binding, ...o }) {
      const known = await store.get(jobId);
      const isBound = known?.state === "expected" && known.binding !== undefined;
      return store.expect(jobId, isBound || binding === undefined ? o : { ...o, binding });
    },
  };
};

/** Counts dead rows as live ones. */
export const deadRowsTakeRoom: Broken = ({ maxLive = 10_000, ...options }) => {
  const store = intact({ ...options, maxLive });
  return {
    ...store,
    async ingest(delivery, o) {
      const { expected, pending, leased, dead } = await store.stats();
      const known = await store.get(delivery.jobId);
      if (known === undefined && expected + pending + leased + dead >= maxLive) {
        return { kind: "full" };
      }
      return store.ingest(delivery, o);
    },
  };
};

/** Leaves polls out of `nextDueInMs`. */
export const nextDueForgetsPolls: Broken = (options) => {
  const store = intact(options);
  return {
    ...store,
    async nextDueInMs() {
      const { pending, leased } = await store.stats();
      return pending + leased === 0 ? undefined : store.nextDueInMs();
    },
  };
};

/** Lets two polls of one job run at once. */
export const pollsAreNotLeased: Broken = (options) => {
  const store = intact(options);
  return { ...store, claimPolls: (o) => store.claimPolls({ ...o, leaseMs: 0 }) };
};
