/** How a result reached us. */
export type Source = "webhook" | "poll" | "manual";

/** A row's states: `expected -> pending | leased -> done | dead`, `dead -> pending` by redrive. */
export type JobState = "expected" | "pending" | "leased" | "done" | "dead";

/** A result on its way into the store. */
export interface Delivery {
  readonly jobId: string;
  /**
   * Tells a repeat from a contradiction; the first character is its version. Absent: the shape is
   * not recognised, so the payload is parked.
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
  /** Grows with every claim and is never reused. Only the newest one can settle. */
  readonly fence: number;
  /** 1 for the first run. A claim counts it, so a result that crashes the process dies too. */
  readonly attempt: number;
  readonly payload: string;
  readonly source: Source;
  readonly binding?: string;
  readonly receivedAtMs: number;
  /** Absent when the row has none (parked or freed, then redriven): `done` needs a `result`. */
  readonly fingerprint?: string;
  /** True when the job was expected, before or after its result arrived. */
  readonly expected?: boolean;
  /** True while the row's error is `lease_lost`. A claim that replaces an expired lease sets it. */
  readonly lost?: boolean;
}

/** What the store did with a delivery. */
export type Ingested =
  /** Written and leased to the caller, who runs it. */
  | { readonly kind: "leased"; readonly lease: Lease }
  /** Written and due now, for the next claim. */
  | { readonly kind: "stored" }
  /** Parked, because its shape is not recognised. */
  | { readonly kind: "parked" }
  /** The same result is already here; nothing was written. */
  | { readonly kind: "duplicate"; readonly state: JobState }
  /** Another result, or another binding, is already here. Only the conflict counter has changed. */
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
  /** Handled. `result` replaces the row's result when the provider confirmed another one. */
  | { readonly to: "done"; readonly result?: StoredResult }
  /** Due again after `delayMs`. */
  | { readonly to: "retry"; readonly delayMs: number; readonly error: string }
  /**
   * Given up. `free` clears the fingerprint and, unless the job was expected, its binding, so that
   * a later result can replace this one.
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
  /** Your own name for the job, where its binding has one. A receiver fills it in; stores need not. */
  readonly ref?: string;
  /** Why the last attempt failed, `lease_lost` when its lease ran out, or why the job is dead. */
  readonly error?: string;
  readonly receivedAtMs?: number;
  /** Negative when overdue. */
  readonly dueInMs?: number;
  readonly settledAtMs?: number;
}

/**
 * The idempotency store: one row per job that is inbox, retry queue and tombstone at once.
 *
 * Callers pass durations, and the store uses its own clock. Methods reject when the backend fails.
 * `runStoreSuite` of `@abstrakt-webhooks/testing` checks these rules, which hold for every store:
 *
 * 1. At most one unexpired lease per job.
 * 2. `fence` grows by every claim and poll claim, survives every state and is never reused.
 * 3. `done` is entered at most once.
 * 4. An accepted result keeps its row until its retention ends.
 * 5. Only a row with a fingerprint refuses another result. A row without one takes the first result
 *    that arrives, in any state, and keeps its fence.
 * 6. An equal delivery changes nothing; a conflict changes only the conflict counter.
 * 7. Parking: no row becomes `dead` with error `unrecognized`; an expected row stays expected and
 *    is polled now; a row with a fingerprint answers `duplicate`.
 * 8. A claim counts an attempt. `release` subtracts it again.
 * 9. Every row that is not done or dead has a due time.
 * 10. A settle, extend or poll settle with an old fence is refused; an arriving result voids a
 *     running poll's lease.
 * 11. Bindings are compared inside `ingest` when both sides have one; a mismatch is a conflict.
 * 12. `expect` with a binding, on a row that holds a fingerprint under another binding, answers
 *     `contested` and counts a conflict, in the one statement that looks.
 * 13. Fingerprints of two versions, which their first character names, cannot tell a contradiction:
 *     such a delivery is equal.
 */
export interface JobStore {
  readonly traits: {
    /** Its rows survive the end of this process. */
    readonly durable: boolean;
    /** Several processes may use it at once. */
    readonly shared: boolean;
    /** How long a `done` row answers duplicates. */
    readonly doneTtlMs: number;
    /** How long a `dead` row is kept. */
    readonly deadTtlMs: number;
  };
  /**
   * Writes a delivery in one round trip and, unless `leaseMs` is 0, leases it to `owner`. With 0
   * it is stored and due now.
   */
  ingest(delivery: Delivery, o: { owner: string; leaseMs: number }): Promise<Ingested>;
  /**
   * Leases up to `limit` rows that are due, the earliest first: retries and expired leases. With
   * `jobId` it leases that row only, also before it is due, but not while another lease is valid.
   */
  claim(o: { owner: string; leaseMs: number; limit: number; jobId?: string }): Promise<Lease[]>;
  /**
   * Ends or extends a lease. `false`: it is no longer ours and nothing changed. Words that the backend
   * cannot hold are stored in others, and never a reason to reject.
   */
  settle(lease: { jobId: string; fence: number }, settlement: Settlement): Promise<boolean>;
  /** The row, or `undefined` when the store has none. */
  get(jobId: string): Promise<JobRecord | undefined>;
  /** Milliseconds until the next row is due, 0 when one is due; `undefined` when no row waits. */
  nextDueInMs(): Promise<number | undefined>;
  /** Deletes up to `limit` rows whose retention has ended. Resolves to how many. */
  prune(o: { limit: number }): Promise<number>;
  /**
   * Resolves when the store would take a write now. Rejects with what is wrong and what to do. Without
   * it a receiver asks `nextDueInMs`.
   */
  ready?(): Promise<void>;
  /** What the backend's settings put at risk, in sentences for people. */
  inspect?(): Promise<{ warnings: string[] }>;
  /** Calls `listener` when the store begins to drop dead rows for want of room. The newest listener counts. */
  onDropped?(listener: (message: string) => void): void | Promise<void>;
  /** Closes what the store itself opened, never what was injected. */
  close?(): Promise<void>;
}
