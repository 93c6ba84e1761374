import { timer } from "../clock.ts";
import { AbstraktWebhookError, isAbstraktWebhookError } from "../errors.ts";

/**
 * Calls the store and waits at most `timeoutMs`. A reply that comes later is given to `late`, so
 * that a lease granted after we stopped waiting is not forgotten.
 *
 * @throws AbstraktWebhookError `store_unavailable`; the store's own error is the cause.
 */
export function storeCall<T>(
  call: () => Promise<T>,
  timeoutMs: number,
  late?: (reply: T) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let waiting = true;
    const cancel = timer(timeoutMs, () => {
      waiting = false;
      reject(unavailable(`was silent for ${timeoutMs} ms (limits.storeTimeoutMs)`));
    });
    const succeed = (reply: T): void => {
      cancel();
      if (waiting) resolve(reply);
      else late?.(reply);
    };
    const fail = (thrown: unknown): void => {
      cancel();
      const known = isAbstraktWebhookError(thrown) && thrown.code === "store_unavailable";
      reject(known ? thrown : unavailable("failed", thrown));
    };
    try {
      call().then(succeed, fail);
    } catch (thrown) {
      fail(thrown);
    }
  });
}

const unavailable = (what: string, cause?: unknown): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "store_unavailable",
    `The store ${what}. Check that its backend is up and reachable.`,
    { cause },
  );
