import type { Host } from "./host.ts";

/** Limits a call: it ends when its time is over or when the caller aborts it. */
export interface Budget {
  /** Aborts when the time is over or the caller's signal aborts. */
  readonly signal: AbortSignal;
  /** Settles as `work` does. When `signal` aborts first, it rejects with the signal's reason. */
  within<T>(work: Promise<T>): Promise<T>;
  leftMs(): number;
  timedOut(): boolean;
  close(): void;
}

export function openBudget(host: Host, timeoutMs: number, caller?: AbortSignal): Budget {
  const controller = new AbortController();
  const { signal } = controller;
  const endsAtMs = host.now() + timeoutMs;
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    controller.abort();
  }, timeoutMs);
  // The signal of `AbortSignal.any` would stay in memory as long as the caller's signal.
  const follow = (): void => controller.abort(caller?.reason);
  caller?.addEventListener("abort", follow, { once: true });

  return {
    signal,
    within: (work) =>
      new Promise((resolve, reject) => {
        const end = (): void => reject(signal.reason);
        signal.addEventListener("abort", end, { once: true });
        work.then(resolve, reject).finally(() => signal.removeEventListener("abort", end));
      }),
    leftMs: () => endsAtMs - host.now(),
    timedOut: () => timedOut,
    close() {
      clearTimeout(timer);
      caller?.removeEventListener("abort", follow);
    },
  };
}
