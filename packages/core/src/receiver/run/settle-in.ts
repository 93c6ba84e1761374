import { AbstraktWebhookError } from "../../errors.ts";
import type { JobResult } from "../../job-result.ts";
import { fingerprint } from "../../payload/fingerprint.ts";
import type { Transactional } from "../../store/capabilities.ts";
import type { Lease, StoredResult } from "../../store/job-store.ts";
import { cancel, type Cancellation } from "./context.ts";
import type { Heartbeat } from "./heartbeat.ts";
import type { Run } from "./worker-state.ts";

/** How an attempt's job becomes done: by the worker at the end, or by the callback's `settleIn`. */
export interface Completion {
  /** True once the callback has called `settleIn`. Then its transaction makes the job done. */
  called: boolean;
  /** Why `settleIn` rejected. The callback may not have awaited it. */
  refused: unknown;
  /**
   * The result that `done` must write, made before the callback can change the object. Undefined if
   * the row already holds this result.
   */
  result: StoredResult | undefined;
  /** Undefined before it begins, and for a synchronous callback. */
  heartbeat: Heartbeat | undefined;
}

/** Makes a completion. It writes the delivered result if the row holds no fingerprint. */
export const createCompletion = (lease: Lease, delivered: JobResult): Completion => ({
  called: false,
  refused: undefined,
  result: lease.fingerprint === undefined ? toStored(delivered) : undefined,
  heartbeat: undefined,
});

/** Makes the form of a result that a store keeps. */
export const toStored = (result: JobResult): StoredResult => ({
  payload: JSON.stringify(result),
  fingerprint: fingerprint(result),
});

/** Makes `ctx.settleIn` for one attempt. */
export function settleIn(
  store: Transactional<unknown>,
  run: Run,
  cancellation: Cancellation,
  completion: Completion,
): (tx: unknown) => Promise<void> {
  const settle = async (tx: unknown): Promise<void> => {
    requireLease(run.lease, cancellation);
    const settled = await store.settleIn(tx, run.lease, completion.result);
    if (!settled) cancel(cancellation, "lease_lost");
    requireLease(run.lease, cancellation);
    // No worker can claim the job until the transaction ends, and an extension would wait for it.
    completion.heartbeat?.stop();
  };
  return (tx) => {
    completion.called = true;
    const settling = settle(tx);
    // Without `await` in the callback, a rejection would end the process.
    settling.catch((thrown: unknown) => {
      completion.refused = thrown;
    });
    return settling;
  };
}

function requireLease({ jobId, attempt }: Lease, { reason }: Cancellation): void {
  if (reason === undefined) return;
  throw new AbstraktWebhookError(
    "lease_lost",
    `Attempt ${attempt} of job ${jobId} was cut off (${reason}). Roll the transaction back: the job runs again, or has done so elsewhere.`,
  );
}
