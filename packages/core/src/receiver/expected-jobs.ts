import { unsupported } from "../errors.ts";
import type { ExpectedJobs, JobStore } from "../store/job-store.ts";

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
