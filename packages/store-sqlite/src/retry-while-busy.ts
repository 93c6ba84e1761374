import { monotonicClock } from "@abstrakt-webhooks/core/store";
import { isBusy } from "./sqlite-error.ts";

/** How long a driver may block this thread for a lock. After it, `retryWhileBusy` waits. */
export const BUSY_TIMEOUT_MS = 50;

/** How long to wait for a lock in all. It is the default of `limits.storeTimeoutMs`. */
const MAX_WAIT_MS = 4_000;
const MAX_PAUSE_MS = 100;

/**
 * Runs a synchronous step, and repeats it while the file is locked. Between two tries it does not
 * block the thread.
 */
export async function retryWhileBusy<T>(step: () => T): Promise<T> {
  const untilMs = monotonicClock() + MAX_WAIT_MS;
  for (let pauseMs = 10; ; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
    try {
      return step();
    } catch (thrown) {
      if (!isBusy(thrown) || monotonicClock() >= untilMs) throw thrown;
    }
    await new Promise<void>((resolve) => setTimeout(resolve, pauseMs));
  }
}
