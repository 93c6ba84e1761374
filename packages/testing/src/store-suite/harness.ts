import type { DeadLetters, ExpectedJobs, JobStore } from "@abstrakt-webhooks/core";

/** The options that a test needs from its backend. Durations in milliseconds. */
export interface StoreBootOptions {
  /** Retention of done rows. */
  readonly doneTtlMs?: number;
  /** Retention of dead rows. */
  readonly deadTtlMs?: number;
  /** The maximum number of expected, pending and leased rows. Set only if `bounded` is declared. */
  readonly maxLive?: number;
}

/** A new, empty backend that no other test uses, and one store on it. */
export interface StoreHarness {
  readonly store: JobStore & Partial<ExpectedJobs & DeadLetters>;
  /** Moves the store's time forward, by a manual clock or by sleeping. */
  elapse(ms: number): Promise<void>;
  /** A second instance on the same backend, with its own connection. Needed for `shared`. */
  readonly another?: (() => Promise<JobStore>) | undefined;
  /** An instance on the same backend in another namespace. Needed for `namespaces`. */
  readonly otherNamespace?: (() => Promise<JobStore>) | undefined;
  /**
   * Runs `work` in a transaction that `settleIn` of the store accepts. It commits when `work`
   * resolves. When `work` rejects, it rolls back and rejects with the same error. Needed for
   * `transactions`.
   */
  readonly transaction?: ((work: (tx: unknown) => Promise<void>) => Promise<void>) | undefined;
  /** Called after the test, whether it passed or not. */
  readonly close?: (() => Promise<void>) | undefined;
}

/** Makes the backend of one test. */
export type BootStore = (options: StoreBootOptions) => StoreHarness | Promise<StoreHarness>;

/**
 * What the store can do. A test that needs more is skipped, and its name says why. The suite
 * compares the declaration with the store's methods, so no test is skipped by mistake.
 */
export interface StoreCapabilities {
  /** It has the methods of `ExpectedJobs`. Default true. */
  readonly expectedJobs?: boolean | undefined;
  /** It has the methods of `DeadLetters`. Default true. */
  readonly deadLetters?: boolean | undefined;
  /** Its `ingest` returns `full` at `maxLive`. Default false. */
  readonly bounded?: boolean | undefined;
  /** The harness has `another`. Default false. */
  readonly shared?: boolean | undefined;
  /** The harness has `otherNamespace`. Default false. */
  readonly namespaces?: boolean | undefined;
  /** It has `settleIn`, and the harness has `transaction`. Default false. */
  readonly transactions?: boolean | undefined;
  /**
   * The unit of the suite's leases, delays and waits, in milliseconds. On a real clock it must be
   * longer than a few slow calls of the backend. Default 100.
   */
  readonly unitMs?: number | undefined;
}
