/** The outcome of `ingest`. */
export interface IngestOutcome {
  readonly kind: "stored" | "duplicate" | "conflict" | "ignored" | "parked";
  readonly jobId: string;
}

/** What one `tick` did. */
export interface TickReport {
  /** Waiting results that it ran. */
  readonly claimed: number;
  /** Expected jobs that it polled. */
  readonly polled: number;
  /** Rows that it removed because their retention had ended. */
  readonly pruned: number;
  /** The time until the next job is due. Absent when nothing waits. */
  readonly nextDueInMs?: number;
}

/** How a drain ended. */
export interface DrainReport {
  /** Runs that ended within the timeout. */
  readonly settled: number;
  /** Leases that were returned to the store. Their attempt is not counted. */
  readonly released: number;
  /** Results that are lost with this process, because the store is not durable. */
  readonly lost: number;
}
