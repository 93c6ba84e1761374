import type { DeadLetters, ExpectedJobs, JobStore } from "@abstrakt-webhooks/core";

/** What a test wants of its backend. Durations in milliseconds. */
export interface StoreBootOptions {
  /** Retention of done rows. */
  readonly doneTtlMs?: number;
  /** Retention of dead rows. */
  readonly deadTtlMs?: number;
  /** How many rows may be not done; asked for only with the capability `bounded`. */
  readonly maxLive?: number;
}

/** A fresh, empty backend that no other test sees, and one store on it. */
export interface StoreHarness {
  readonly store: JobStore & Partial<ExpectedJobs & DeadLetters>;
  /** Lets the store's time go on: turns a manual clock, or sleeps where a server's clock decides. */
  elapse(ms: number): Promise<void>;
  /** A second instance on the same backend, with its own connection. Needed for `shared`. */
  another?(): Promise<JobStore>;
  /** An instance on the same backend in another namespace. Needed for `namespaces`. */
  otherNamespace?(): Promise<JobStore>;
  /** Called after the test, whether it passed or not. */
  close?(): Promise<void>;
}

/** Makes the backend of one test. */
export type BootStore = (options: StoreBootOptions) => StoreHarness | Promise<StoreHarness>;

/**
 * What the store can do. A test of something missing is skipped under a name that says so. The
 * suite holds the declaration against the store's methods, so that nothing is skipped in silence.
 */
export interface StoreCapabilities {
  /** It has the methods of `ExpectedJobs`. Default true. */
  readonly expectedJobs?: boolean;
  /** It has the methods of `DeadLetters`. Default true. */
  readonly deadLetters?: boolean;
  /** It answers `full` at `maxLive`. Default false. */
  readonly bounded?: boolean;
  /** The harness has `another`. Default false. */
  readonly shared?: boolean;
  /** The harness has `otherNamespace`. Default false. */
  readonly namespaces?: boolean;
  /**
   * The shortest time that the suite tells from no time. Its leases, delays and waits are multiples
   * of it, so a slow backend on a real clock wants it longer than its slowest few calls. Default 100.
   */
  readonly unitMs?: number;
}
