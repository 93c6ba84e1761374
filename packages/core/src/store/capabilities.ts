import { unsupported } from "../errors.ts";
import type { JobRecord, JobState, JobStore, StoredResult } from "./job-store.ts";

/** The outcome of `expect`. */
export type Expected = "expected" | "arrived" | "contested";

/** Optional capability, found by its methods: rows of jobs whose results have not arrived yet. */
export interface ExpectedJobs {
  /**
   * Writes the row of a submitted job. An expected row gets the newer binding. `"arrived"`: the row
   * already has a result. `"contested"`: the row has a result that came by another binding, and its
   * conflict counter is raised.
   */
  expect(
    jobId: string,
    o: { pollAfterMs: number; giveUpAfterMs: number; binding?: string | undefined },
  ): Promise<Expected>;
  /** Leases up to `limit` expected jobs whose poll is due. */
  claimPolls(o: { limit: number; leaseMs: number }): Promise<PollLease[]>;
  /** Ends a poll. `false`: the caller no longer holds the lease, or the result has arrived. */
  settlePoll(
    poll: { jobId: string; fence: number },
    o: { againAfterMs: number } | { giveUp: string },
  ): Promise<boolean>;
}

/** The right to ask the provider once for one expected job. */
export interface PollLease {
  readonly jobId: string;
  readonly fence: number;
  /** 1 for the first poll. */
  readonly polls: number;
  readonly binding?: string;
  /** True once `giveUpAfterMs` has passed. If this poll finds no result, the job becomes dead. */
  readonly overdue: boolean;
}

/** Which rows `list` returns, and how many. */
export interface ListOptions {
  /**
   * Rows of one state. Expected, pending and leased rows: the next due first. Done and dead rows:
   * the latest settled first.
   */
  readonly state?: JobState | undefined;
  /**
   * Rows whose job id begins with it, in the order of ids. Without `state` and `prefix`: all rows,
   * in the order of ids.
   */
  readonly prefix?: string | undefined;
  /** 1 or more. */
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
  /** False leaves the payloads out. Default true. */
  readonly payloads?: boolean | undefined;
}

/** Optional capability, found by its methods: listing rows and redriving dead ones. */
export interface DeadLetters {
  /**
   * Returns rows page by page. A row that changes between two pages may be missing or appear twice.
   * Every other row appears once.
   *
   * @throws AbstraktWebhookError `invalid_options` when `after` is not the `next` of the same list.
   */
  list(o: ListOptions): Promise<{ records: JobRecord[]; next?: string }>;
  /**
   * Makes a dead row `pending`, with no attempts and the same fence. A row without a payload
   * becomes `expected` instead, and its poll is due now. `false`: there is no dead row with that
   * id.
   */
  redrive(jobId: string): Promise<boolean>;
  /** Counts rows by state. Also the age of the oldest result that is pending or leased. */
  stats(): Promise<Record<JobState, number> & { oldestPendingMs?: number }>;
}

/** Optional capability: a job becomes done in the same transaction as the user's own writes. */
export interface Transactional<Tx> {
  /**
   * Settles the job as `done` within `tx`. `result` replaces the row's result. `false`: the caller
   * no longer holds the lease, so it must roll back. A second call in the same transaction returns
   * `true` and changes nothing.
   *
   * @throws AbstraktWebhookError `invalid_options` when no transaction is open on `tx`.
   */
  settleIn(tx: Tx, o: { jobId: string; fence: number }, result?: StoredResult): Promise<boolean>;
}

/** The store's dead-letter capability, found by its methods. */
export function deadLettersOf(store: JobStore): DeadLetters | undefined {
  const candidate = store as JobStore & Partial<DeadLetters>;
  const { list, redrive, stats } = candidate;
  return list && redrive && stats ? (candidate as JobStore & DeadLetters) : undefined;
}

/** @throws AbstraktWebhookError `unsupported`. */
export function requireDeadLetters(store: JobStore, method: string): DeadLetters {
  const letters = deadLettersOf(store);
  if (letters !== undefined) return letters;
  throw unsupported(`\`${method}\` needs a store with list, redrive and stats, such as the kit's.`);
}

/** The store's capability to keep jobs before their results arrive, found by its methods. */
export function expectedJobsOf(store: JobStore): ExpectedJobs | undefined {
  const candidate = store as JobStore & Partial<ExpectedJobs>;
  const { expect, claimPolls, settlePoll } = candidate;
  return expect && claimPolls && settlePoll ? (candidate as JobStore & ExpectedJobs) : undefined;
}

/** @throws AbstraktWebhookError `unsupported`. */
export function requireExpectedJobs(store: JobStore, method: string): ExpectedJobs {
  const jobs = expectedJobsOf(store);
  if (jobs !== undefined) return jobs;
  throw unsupported(
    `\`${method}\` needs a store with expect, claimPolls and settlePoll, such as the kit's.`,
  );
}

/** The store's capability to complete a job within a transaction, found by its method. */
export function transactionalOf(store: JobStore): Transactional<unknown> | undefined {
  const candidate = store as JobStore & Partial<Transactional<unknown>>;
  return candidate.settleIn && (candidate as JobStore & Transactional<unknown>);
}
