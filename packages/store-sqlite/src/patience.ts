import { monotonicClock } from "@abstrakt-webhooks/core/store";
import { isBusy } from "./sqlite-error.ts";

/** How long a driver may block this thread for a lock; what is longer is waited for without blocking. */
export const BUSY_TIMEOUT_MS = 50;

/** How long a lock is waited for in all; a receiver has given up by then. */
const PATIENCE_MS = 4_000;
const LONGEST_PAUSE_MS = 100;

/** Runs a synchronous step, again and again while the file is locked, and lets others run in between. */
export async function patiently<T>(step: () => T): Promise<T> {
  const untilMs = monotonicClock() + PATIENCE_MS;
  for (let pauseMs = 10; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      return step();
    } catch (thrown) {
      if (!isBusy(thrown) || monotonicClock() >= untilMs) throw thrown;
    }
    await new Promise<void>((resolve) => setTimeout(resolve, pauseMs));
  }
}
