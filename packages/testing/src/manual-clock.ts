import { AbstraktWebhookError } from "@abstrakt-webhooks/core";

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
 *
 * @example
 * ```ts
 * const clock = createManualClock();
 * const store = memoryStore({ clock: clock.now });
 * clock.advance(60_000);
 * ```
 */
export function createManualClock(startMs: number = DEFAULT_START_MS): ManualClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance(ms) {
      if (!(ms >= 0 && ms < Infinity)) {
        throw new AbstraktWebhookError(
          "invalid_options",
          `Expected \`ms\` to be 0 or more and finite, got ${ms}. A clock only moves forward.`,
        );
      }
      nowMs += ms;
    },
  };
}
