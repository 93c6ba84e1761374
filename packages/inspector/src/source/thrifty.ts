/** A value is reused for this many times the duration of its read. */
const REUSE = 20;
const MAX_REUSE_MS = 10_000;

/** A cached value. It is read again when it is too old. */
export interface Thrifty<T> {
  read(): Promise<T>;
  /** The next call reads the value again. */
  forget(): void;
}

/**
 * Reuses a value for 20 times the duration of its read, and for 10 seconds at most. An open page
 * requests the counts often, and a large store needs long to count its rows.
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
      // Calls during the read get the same promise.
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
