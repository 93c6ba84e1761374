import { monotonicClock, wallClock } from "@abstrakt-webhooks/core/store";

/** Clocks, randomness and a timer, so that tests can control them. */
export interface Host {
  /** Monotonic time in milliseconds. */
  now(): number;
  /** Milliseconds since the epoch. */
  date(): number;
  /** From 0 to 1. */
  random(): number;
  /** Rejects when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The real clocks, randomness and timer. */
export const realHost: Host = {
  now: monotonicClock,
  date: wallClock,
  random: Math.random,
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", end);
        resolve();
      }, ms);
      signal.addEventListener("abort", end, { once: true });
    }),
};
