/** How a result reached us. */
export type Source = "webhook" | "poll" | "manual";

/** A row's states: `expected -> pending | leased -> done | dead`, `dead -> pending` by redrive. */
export type JobState = "expected" | "pending" | "leased" | "done" | "dead";

/** A result on its way into the store. */
export interface Delivery {
  readonly jobId: string;
  /**
   * Distinguishes a duplicate from a conflict. Its first character is its version. Absent: the
   * payload is not recognised, so the store parks it.
   */
  readonly fingerprint?: string | undefined;
  /** The JSON text as it arrived. */
  readonly payload: string;
  readonly source: Source;
  /** Names the signed URL that the delivery used, when the `auth` binds URLs to jobs. */
  readonly binding?: string | undefined;
}

/** The right to run one attempt of one job, until it expires or is settled. */
export interface Lease {
  readonly jobId: string;
  /** Grows with every claim and is never reused. Only the newest fence can settle. */
  readonly fence: number;
  /** 1 for the first run. The claim counts it, so attempts that crash the process count as well. */
  readonly attempt: number;
  readonly payload: string;
  readonly source: Source;
  readonly binding?: string;
  readonly receivedAtMs: number;
  /** Absent when the row was parked or freed, and then redriven. Then `done` needs a `result`. */
  readonly fingerprint?: string;
  /** True when the job was expected, before or after its result arrived. */
  readonly expected?: boolean;
  /** True while the row's error begins with `lease_lost`, which a claim of an expired lease writes. */
  readonly lost?: boolean;
}

/** What the store did with a delivery. */
export type Ingested =
  /** Written, and leased to the caller, which runs it. */
  | { readonly kind: "leased"; readonly lease: Lease }
  /** Written and due now, for the next claim. */
  | { readonly kind: "stored" }
  /** Parked, because its shape is not recognised. */
  | { readonly kind: "parked" }
  /** The row already has the same result. Nothing was written. */
  | { readonly kind: "duplicate"; readonly state: JobState }
  /** The row has another result or another binding. Only its conflict counter has changed. */
  | {
      readonly kind: "conflict";
      readonly state: JobState;
      readonly reason: "result" | "binding";
    }
  /** There is no room for another job. Nothing was written. */
  | { readonly kind: "full" };

/** A result that replaces the one in a row. */
export type StoredResult = { readonly payload: string; readonly fingerprint: string };

/** How a lease ends, or that it is extended. */
export type Settlement =
  /** The callback succeeded. `result` replaces the row's, if the provider confirmed another one. */
  | { readonly to: "done"; readonly result?: StoredResult }
  /** Due again after `delayMs`. */
  | { readonly to: "retry"; readonly delayMs: number; readonly error: string }
  /**
   * The job is a dead letter. `free` clears the fingerprint and, unless the job was expected, the
   * binding, so that a later result can replace this one.
   */
  | { readonly to: "dead"; readonly error: string; readonly free?: true }
  /** Released without counting the attempt: due after `delayMs`, or now. `error` says why. */
  | { readonly to: "release"; readonly delayMs?: number; readonly error?: string }
  /** Extended: the lease ends `leaseMs` from now. */
  | { readonly to: "extend"; readonly leaseMs: number };

/** One row, for display. */
export interface JobRecord {
  readonly jobId: string;
  readonly state: JobState;
  readonly attempts: number;
  readonly fence: number;
  /** How many deliveries conflicted with the accepted one. */
  readonly conflicts: number;
  readonly source?: Source;
  readonly binding?: string;
  readonly payload?: string;
  /** Your own name for the job, if its binding has one. The receiver adds it; stores need not. */
  readonly ref?: string;
  /**
   * Why the last attempt failed, or why the job is dead. When the attempt's lease ran out, it is
   * `lease_lost`, or `lease_lost; before: ` and the error that was here before.
   */
  readonly error?: string;
  readonly receivedAtMs?: number;
  /** Negative when overdue. */
  readonly dueInMs?: number;
  readonly settledAtMs?: number;
}

/**
 * The idempotency store. It keeps one row for each job: its inbox entry, its place in the retry
 * queue and later its tombstone.
 *
 * Callers pass durations, and the store uses its own clock. Methods reject when the backend fails.
 * `runStoreSuite` of `@abstrakt-webhooks/testing` checks these rules, which hold for every store:
 *
 * 1. A job has at most one unexpired lease.
 * 2. `fence` grows with every claim and poll claim, survives every state and is never reused.
 * 3. A row becomes `done` at most once.
 * 4. An accepted result keeps its row until its retention ends.
 * 5. Only a row with a fingerprint refuses another result. A row without one takes the first result
 *    that arrives, in any state, and keeps its fence.
 * 6. An equal delivery changes nothing; a conflict changes only the conflict counter.
 * 7. A parked payload of a job without a row makes a row that is `dead` with error `unrecognized`.
 *    An expected row stays expected, and its poll is due now. A row with a fingerprint answers
 *    `duplicate`.
 * 8. A claim counts an attempt. `release` subtracts it again.
 * 9. Every row that is not done or dead has a due time.
 * 10. The store refuses to settle or extend a lease, or to settle a poll, with an old fence. A
 *     result that arrives ends the lease of a running poll.
 * 11. `ingest` compares bindings when both sides have one. Two different bindings are a conflict.
 * 12. `expect` with a binding, on a row with a fingerprint and another binding, answers `contested`
 *     and counts a conflict, in one atomic step.
 * 13. The first character of a fingerprint is its version. Fingerprints of two versions cannot be
 *     compared, so such a delivery is equal.
 */
export interface JobStore {
  readonly traits: {
    /** The rows survive the end of this process. */
    readonly durable: boolean;
    /** Several processes may use it at once. */
    readonly shared: boolean;
    /** How long a `done` row answers duplicates. */
    readonly doneTtlMs: number;
    /** How long a `dead` row is kept. */
    readonly deadTtlMs: number;
  };
  /**
   * Writes a delivery in one round trip and leases it to `owner`. If `leaseMs` is 0, it leases
   * nothing, and the job is due now.
   */
  ingest(delivery: Delivery, o: { owner: string; leaseMs: number }): Promise<Ingested>;
  /**
   * Leases up to `limit` rows that are due, the earliest first: retries and expired leases. With
   * `jobId` it leases that row only, also before it is due, but not while another lease is valid.
   */
  claim(o: {
    owner: string;
    leaseMs: number;
    limit: number;
    jobId?: string | undefined;
  }): Promise<Lease[]>;
  /**
   * Ends or extends a lease. `false`: the caller no longer holds it, and nothing changed. The store
   * replaces characters that the backend cannot hold. It does not reject because of them.
   */
  settle(lease: { jobId: string; fence: number }, settlement: Settlement): Promise<boolean>;
  /** The row, or `undefined` when the store has none. */
  get(jobId: string): Promise<JobRecord | undefined>;
  /** Milliseconds until the next row is due, 0 when one is due; `undefined` when no row waits. */
  nextDueInMs(): Promise<number | undefined>;
  /** Deletes up to `limit` rows whose retention has ended. Resolves to how many. */
  prune(o: { limit: number }): Promise<number>;
  /**
   * Resolves if the store would accept a write now. Rejects with what is wrong and what to do. If a
   * store lacks this method, the receiver calls `nextDueInMs`.
   */
  ready?(): Promise<void>;
  /** Warns about settings of the backend that put results at risk. */
  inspect?(): Promise<{ warnings: string[] }>;
  /**
   * Calls `listener` when the store begins to drop dead rows because it is full. A new listener
   * replaces the one before.
   */
  onDropped?(listener: (message: string) => void): void | Promise<void>;
  /** Closes what the store itself opened. It never closes an injected client. */
  close?(): Promise<void>;
}
