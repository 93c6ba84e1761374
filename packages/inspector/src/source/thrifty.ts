/** How many times as long as a reading took its result is shown, and the bound of that. */
const REUSE = 20;
const MAX_REUSE_MS = 10_000;

/** A value that is read anew only when it has become too old. */
export interface Thrifty<T> {
  read(): Promise<T>;
  /** Has the next call read. */
  forget(): void;
}

/**
 * Shows what was read for twenty times as long as the reading took, and for ten seconds at most. To
 * count the rows of a large store takes long, and an open page asks for it often.
 */
export function createThrifty<T>(readAnew: () => Promise<T>, clock: () => number): Thrifty<T> {
  let latest: { value: Promise<T>; fromMs: number; untilMs: number } | undefined;
  const isValid = (nowMs: number): boolean =>
    latest !== undefined && latest.fromMs <= nowMs && nowMs < latest.untilMs;
  return {
    read() {
      const fromMs = clock();
      if (latest !== undefined && isValid(fromMs)) return latest.value;
      const value = readAnew();
      // Those who ask before it is there get the same.
      const reading = { value, fromMs, untilMs: Infinity };
      latest = reading;
      value.then(
        () => {
          const nowMs = clock();
          reading.untilMs = nowMs + Math.min(MAX_REUSE_MS, REUSE * (nowMs - fromMs));
        },
        () => void (reading.untilMs = -Infinity),
      );
      return value;
    },
    forget: () => void (latest = undefined),
  };
}
