import { checkedFor, expected, invalidOptions } from "@abstrakt-webhooks/core/adapter";

/** A clock that moves only when `advance` is called. */
export interface ManualClock {
  /** Milliseconds since the epoch. Needs no `this`, so `clock: clock.now` works. */
  now(): number;
  /**
   * Moves the clock forward.
   *
   * @throws AbstraktWebhookError `invalid_options` when `ms` is negative or not finite.
   */
  advance(ms: number): void;
}

// This is not 0, so that it differs from the default value of an absent time.
const DEFAULT_START_MS = Date.UTC(2026, 1, 8, 10, 30, 45);

/**
 * Makes a clock for tests of leases, backoff and retention. With it, such tests need no sleep.
 *
 * @param startMs the first time, in milliseconds since the epoch. Default: 8 February 2026.
 * @throws AbstraktWebhookError `invalid_options` when `startMs` is not a finite number.
 *
 * @example
 * ```ts
 * const clock = createManualClock();
 * const store = memoryStore({ clock: clock.now });
 * clock.advance(60_000);
 * ```
 */
export function createManualClock(startMs: number = DEFAULT_START_MS): ManualClock {
  checkedFor(createManualClock, () => {
    if (Number.isFinite(startMs)) return;
    throw expected("startMs", "a finite number of milliseconds since the epoch", startMs);
  });
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance(ms) {
      if (!Number.isFinite(ms) || ms < 0) {
        const { message } = expected("ms", "0 or more and finite", ms);
        throw invalidOptions(`${message} A clock only moves forward.`);
      }
      nowMs += ms;
    },
  };
}
