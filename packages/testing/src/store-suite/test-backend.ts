import type {
  DeadLetters,
  Delivery,
  ExpectedJobs,
  Ingested,
  JobRecord,
  JobStore,
  Lease,
  PollLease,
  Transactional,
} from "@abstrakt-webhooks/core";
import { equal, ok } from "../assert.ts";
import { checkedStore } from "./checked-store.ts";
import type { StoreHarness } from "./harness.ts";
import { resultA } from "./sample-deliveries.ts";

/** A lease or delay that is longer than any test. */
const LONG = 6_000;

/** One test's backend, with the helpers that the tests use. Durations in units. */
export interface TestBackend {
  readonly store: JobStore & ExpectedJobs & DeadLetters & Transactional<unknown>;
  readonly harness: StoreHarness;
  ms(units: number): number;
  elapse(units: number): Promise<void>;
  /** Ingests a delivery. With `lease` 0 it is stored without a lease. */
  ingest(delivery: Delivery, lease?: number): Promise<Ingested>;
  /** Ingests result A of a job and returns its lease. */
  leased(jobId: string, lease?: number): Promise<Lease>;
  claim(o?: { limit?: number; jobId?: string; lease?: number }): Promise<Lease[]>;
  /** Claims the only row that can be claimed. */
  claimOne(jobId?: string, lease?: number): Promise<Lease>;
  expect(jobId: string, o?: { poll?: number; giveUp?: number; binding?: string }): Promise<string>;
  claimPolls(o?: { limit?: number; lease?: number }): Promise<PollLease[]>;
  claimPoll(lease?: number): Promise<PollLease>;
  /** The row. Fails when there is none. */
  record(jobId: string): Promise<JobRecord>;
}

export function createTestBackend(harness: StoreHarness, unitMs: number): TestBackend {
  // A test that needs a capability runs only if it is declared. `contractTests` checks the methods.
  const store = checkedStore(harness.store as TestBackend["store"]);
  const owner = "suite";
  const ms = (units: number) => units * unitMs;

  const backend: TestBackend = {
    store,
    harness,
    ms,
    elapse: (units) => harness.elapse(ms(units)),
    ingest: (delivery, lease = LONG) => store.ingest(delivery, { owner, leaseMs: ms(lease) }),
    async leased(jobId, lease) {
      const ingested = await backend.ingest(resultA(jobId), lease);
      ok(ingested.kind === "leased", `a lease of ${jobId}, not ${ingested.kind}`);
      return ingested.lease;
    },
    claim: ({ limit = 100, jobId, lease = LONG } = {}) =>
      store.claim({ owner, limit, leaseMs: ms(lease), ...(jobId !== undefined && { jobId }) }),
    async claimOne(jobId, lease = LONG) {
      return only(await backend.claim({ lease, ...(jobId !== undefined && { jobId }) }));
    },
    expect: (jobId, { poll = LONG, giveUp = LONG, binding } = {}) =>
      store.expect(jobId, {
        pollAfterMs: ms(poll),
        giveUpAfterMs: ms(giveUp),
        ...(binding !== undefined && { binding }),
      }),
    claimPolls: ({ limit = 100, lease = LONG } = {}) =>
      store.claimPolls({ limit, leaseMs: ms(lease) }),
    claimPoll: async (lease = LONG) => only(await backend.claimPolls({ lease })),
    async record(jobId) {
      const record = await store.get(jobId);
      ok(record, `a row of ${jobId}`);
      return record;
    },
  };
  return backend;
}

function only<T>(leases: readonly T[]): T {
  equal(leases.length, 1, "rows claimed");
  return leases[0] as T;
}
