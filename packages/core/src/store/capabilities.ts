import { unsupported } from "../errors.ts";
import type { DeadLetters, ExpectedJobs, JobStore, Transactional } from "./job-store.ts";

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

/** The store's capability to know jobs before their results come, found by its methods. */
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
