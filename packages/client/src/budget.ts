import type { Host } from "./host.ts";

/** The time that a call has, and whatever else may end it. */
export interface Budget {
  /** Aborted when the time is over or the caller's signal says so. */
  readonly signal: AbortSignal;
  /** Resolves as `work` does, unless the end comes first: then rejects with its reason. */
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
  // By hand: what `AbortSignal.any` makes lives as long as its sources, and theirs may be a process's.
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
