/** A clock that stands still until it is told to move. */
export interface ManualClock {
  /** Milliseconds since the epoch. Needs no `this`: hand it over as `clock: clock.now`. */
  now(): number;
  /** Moves the clock on. Throws a `RangeError` when `ms` is negative or not finite. */
  advance(ms: number): void;
}

// Not 0: code that takes a time of 0 for "no time" would pass its tests by luck.
const DEFAULT_START_MS = Date.UTC(2026, 1, 8, 10, 30, 45);

/**
 * Makes a clock for tests, so that leases, backoff and retention need no sleeping.
 *
 * @param startMs where it starts, in milliseconds since the epoch; default 8 February 2026.
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
        throw new RangeError(
          `Expected \`ms\` to be 0 or more, got ${ms}: a clock only goes forward.`,
        );
      }
      nowMs += ms;
    },
  };
}
