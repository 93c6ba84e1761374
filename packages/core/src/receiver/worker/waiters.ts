/**
 * Called with the JSON text of the result, so that each waiter parses its own value. Called without
 * it when the waiter should read the store again.
 */
type Waiter = (payload?: string) => void;

/** The callers of `result(jobId)` in this process. */
export interface Waiters {
  /** Adds a waiter for a job. Returns a function that removes it. */
  add(jobId: string, waiter: Waiter): () => void;
  /** Calls every waiter of a job. */
  notify(jobId: string, payload?: string): void;
  /** Makes every waiter read the store again. */
  notifyAll(): void;
}

export function createWaiters(): Waiters {
  const byJob = new Map<string, Set<Waiter>>();
  return {
    add(jobId, waiter) {
      const waiters = byJob.get(jobId) ?? new Set();
      byJob.set(jobId, waiters.add(waiter));
      return () => {
        waiters.delete(waiter);
        if (waiters.size === 0) byJob.delete(jobId);
      };
    },
    notify(jobId, payload) {
      // Every delivery calls this, and there is nearly never a waiter.
      if (byJob.size === 0) return;
      for (const waiter of byJob.get(jobId) ?? []) waiter(payload);
    },
    notifyAll() {
      for (const waiters of byJob.values()) for (const waiter of waiters) waiter();
    },
  };
}
