import { unsupported } from "../errors.ts";
import type { JobRecord, JobState, JobStore, StoredResult } from "./job-store.ts";

/** What became of a job that is expected. */
export type Expected = "expected" | "arrived" | "contested";

/** Optional capability, found by its methods: jobs known before their results come. */
export interface ExpectedJobs {
  /**
   * Notes a job that was submitted. An expected row takes the newer binding. `"arrived"`: its result is
   * already here. `"contested"`: a result is here, and it came by another binding; one conflict more.
   */
  expect(
    jobId: string,
    o: { pollAfterMs: number; giveUpAfterMs: number; binding?: string },
  ): Promise<Expected>;
  /** Leases up to `limit` expected jobs whose poll is due. */
  claimPolls(o: { limit: number; leaseMs: number }): Promise<PollLease[]>;
  /** Ends a poll. `false`: the lease is no longer ours, or the result has come meanwhile. */
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
  /** True once `giveUpAfterMs` has passed: if this poll finds nothing, give up. */
  readonly overdue: boolean;
}

/** Which rows `list` shows, and how many. */
export interface ListOptions {
  /** Rows of one state. Expected, pending and leased: the next due first. Done and dead: the latest settled first. */
  readonly state?: JobState;
  /** Rows whose job id begins with it, by job id. Without `state` and `prefix` all rows, by job id. */
  readonly prefix?: string;
  /** 1 or more. */
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after?: string;
  /** False leaves the payloads out. Default true. */
  readonly payloads?: boolean;
}

/** Optional capability, found by its methods: looking at rows and giving dead ones another life. */
export interface DeadLetters {
  /**
   * Rows page by page. A row that changes between two pages may be missed or shown twice; every other
   * row is shown once.
   *
   * @throws AbstraktWebhookError `invalid_options` when `after` is not the `next` of such a list.
   */
  list(o: ListOptions): Promise<{ records: JobRecord[]; next?: string }>;
  /**
   * A dead row becomes `pending` with no attempts and its fence kept; without a payload it becomes
   * `expected`, due for a poll now. `false`: there is no dead row of that id.
   */
  redrive(jobId: string): Promise<boolean>;
  /** Rows by state, and the age of the oldest result that waits or runs. */
  stats(): Promise<Record<JobState, number> & { oldestPendingMs?: number }>;
}

/** Optional capability: completion that commits with the user's own writes. */
export interface Transactional<Tx> {
  /**
   * `done` within `tx`, with `result` in place of the row's. `false`: not ours, so roll back. A second
   * call in the same transaction answers `true` and changes nothing.
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
