import type { Deadline } from "../deadline.ts";
import { AbstraktWebhookError, isAbstraktWebhookError } from "../errors.ts";
import type { JobRecord, JobStore } from "./job-store.ts";

/**
 * Calls the store and waits until the deadline. `late` gets a reply that arrives after the
 * deadline, so that a late lease is not lost. Rejects with `store_unavailable`, also when the store
 * is silent. The store's own error is the cause.
 */
export type StoreCall = <T>(call: () => Promise<T>, late?: (reply: T) => void) => Promise<T>;

export function createStoreCall(deadline: Deadline, timeoutMs: number): StoreCall {
  return (call, late) =>
    new Promise((resolve, reject) => {
      let waiting = true;
      const cancel = deadline(() => {
        waiting = false;
        reject(unavailable(`did not answer within ${timeoutMs} ms (limits.storeTimeoutMs)`));
      });
      const fail = (thrown: unknown): void => {
        cancel();
        reject(toUnavailable(thrown));
      };
      try {
        call().then((reply) => {
          cancel();
          if (waiting) resolve(reply);
          else late?.(reply);
        }, fail);
      } catch (thrown) {
        fail(thrown);
      }
    });
}

/** Keeps the message of an error of this kit, because it already says what to do. */
function toUnavailable(thrown: unknown): AbstraktWebhookError {
  if (!isAbstraktWebhookError(thrown)) return unavailable("failed", thrown);
  if (thrown.code === "store_unavailable") return thrown;
  return new AbstraktWebhookError("store_unavailable", thrown.message, { cause: thrown.cause });
}

const unavailable = (what: string, cause?: unknown): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "store_unavailable",
    `The store ${what}. Check that its backend is up and reachable.`,
    { cause },
  );

/** Reads the row of a job. `undefined` when the store has none, or fails. */
export async function lookUp(
  { store, callStore }: { store: Pick<JobStore, "get">; callStore: StoreCall },
  jobId: string,
): Promise<JobRecord | undefined> {
  return callStore(() => store.get(jobId)).catch(() => undefined);
}
