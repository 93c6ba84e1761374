import type { JobResult } from "../../job-result.ts";

/** Told the result, or without one that the job is worth another look. */
type Waiter = (result?: JobResult) => void;

/** Who waits in this process for the result of which job. */
export interface Waits {
  /** Adds one who waits; answers what takes him away again. */
  add(jobId: string, waiter: Waiter): () => void;
  /** Tells all who wait for a job. */
  tell(jobId: string, result?: JobResult): void;
  /** Has everybody look again. */
  tellAll(): void;
}

export function createWaits(): Waits {
  const waiting = new Map<string, Set<Waiter>>();
  return {
    add(jobId, waiter) {
      const waiters = waiting.get(jobId) ?? new Set();
      waiting.set(jobId, waiters.add(waiter));
      return () => {
        waiters.delete(waiter);
        if (waiters.size === 0) waiting.delete(jobId);
      };
    },
    tell(jobId, result) {
      // Nearly always nobody waits, and every delivery asks.
      if (waiting.size === 0) return;
      for (const waiter of waiting.get(jobId) ?? []) waiter(result);
    },
    tellAll() {
      for (const waiters of waiting.values()) for (const waiter of waiters) waiter();
    },
  };
}
