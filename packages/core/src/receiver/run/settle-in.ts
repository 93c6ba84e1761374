import { AbstraktWebhookError } from "../../errors.ts";
import type { JobResult } from "../../job-result.ts";
import { fingerprint } from "../../payload/fingerprint.ts";
import type { Transactional } from "../../store/capabilities.ts";
import type { Lease, StoredResult } from "../../store/job-store.ts";
import { cancel, type Cancellation } from "./context.ts";

/** What completes an attempt's job: the worker at the end, or the callback by `settleIn`. */
export interface Completion {
  /** The callback has called `settleIn`: whether the job is done is for its transaction to say. */
  called: boolean;
  /**
   * What `done` has to write, made before the callback could change its job. Undefined where the row
   * holds the result that was handed over.
   */
  result: StoredResult | undefined;
  stopHeartbeat: () => void;
}

/** A completion that writes the delivered result where the row holds no fingerprint. */
export const createCompletion = (lease: Lease, delivered: JobResult): Completion => ({
  called: false,
  result: lease.fingerprint === undefined ? toStored(delivered) : undefined,
  stopHeartbeat: () => undefined,
});

/** A result in the form in which a store keeps it. */
export const toStored = (result: JobResult): StoredResult => ({
  payload: JSON.stringify(result),
  fingerprint: fingerprint(result),
});

/** Makes `ctx.settleIn` for one attempt. */
export function settleIn(
  store: Transactional<unknown>,
  lease: Lease,
  cancellation: Cancellation,
  completion: Completion,
): (tx: unknown) => Promise<void> {
  return async (tx) => {
    completion.called = true;
    requireHeld(lease, cancellation);
    const settled = await store.settleIn(tx, lease, completion.result);
    if (!settled) cancel(cancellation, "lease_lost");
    requireHeld(lease, cancellation);
    // Nobody else can take the job until the transaction ends, and an extension would wait for it.
    completion.stopHeartbeat();
  };
}

function requireHeld({ jobId, attempt }: Lease, { reason }: Cancellation): void {
  if (reason === undefined) return;
  throw new AbstraktWebhookError(
    "lease_lost",
    `Attempt ${attempt} of job ${jobId} was cut off (${reason}). Roll the transaction back: the job runs again, or has done so elsewhere.`,
  );
}
