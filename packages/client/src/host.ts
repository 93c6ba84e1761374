import { monotonicClock, wallClock } from "@abstrakt-webhooks/core/store";

/** Time and chance, so that tests have them in hand. */
export interface Host {
  /** Monotonic. */
  now(): number;
  /** Since the epoch. */
  date(): number;
  /** From 0 to 1. */
  random(): number;
  /** Rejects when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The one that users get. */
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
