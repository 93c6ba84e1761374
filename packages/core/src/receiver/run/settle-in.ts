import { AbstraktWebhookError } from "../../errors.ts";
import type { JobResult } from "../../job-result.ts";
import { fingerprint } from "../../payload/fingerprint.ts";
import type { Lease, StoredResult, Transactional } from "../../store/job-store.ts";
import { cancel, type Cancellation } from "./context.ts";

/** What an attempt knows of a completion that commits with the callback's own writes. */
export interface Completion {
  /** The callback has called `settleIn`: whether the job is done is for its transaction to say. */
  asked: boolean;
  /** What a confirmation has put in place of the delivered result. */
  confirmed: JobResult | undefined;
  stopHeartbeat: () => void;
}

export const createCompletion = (): Completion => ({
  asked: false,
  confirmed: undefined,
  stopHeartbeat: () => undefined,
});

/** What `ctx.settleIn` does. */
export function settleIn(
  store: Transactional<unknown>,
  { lease, delivered }: { lease: Lease; delivered: JobResult },
  cancellation: Cancellation,
  completion: Completion,
): (tx: unknown) => Promise<void> {
  return async (tx) => {
    completion.asked = true;
    requireOurs(lease, cancellation);
    const written = toStored(lease, delivered, completion.confirmed);
    if (!(await store.settleIn(tx, lease, written))) cancel(cancellation, "lease_lost");
    requireOurs(lease, cancellation);
    // Until the transaction ends nobody can take the job, and an extension would wait for that end.
    completion.stopHeartbeat();
  };
}

/** What `done` has to write: a confirmed result, or the delivered one where the row holds none. */
export function toStored(
  lease: Lease,
  delivered: JobResult,
  confirmed: JobResult | undefined,
): StoredResult | undefined {
  const written = confirmed ?? (lease.fingerprint === undefined ? delivered : undefined);
  return written && { payload: JSON.stringify(written), fingerprint: fingerprint(written) };
}

function requireOurs({ jobId, attempt }: Lease, { reason }: Cancellation): void {
  if (reason === undefined) return;
  throw new AbstraktWebhookError(
    "lease_lost",
    `Attempt ${attempt} of job ${jobId} was cut off (${reason}). Roll the transaction back: the job runs again, or has done so elsewhere.`,
  );
}
