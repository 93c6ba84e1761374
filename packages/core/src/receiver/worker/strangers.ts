import type { WorkerState } from "../run/worker-state.ts";

/**
 * Bounds the confirmations of jobs that nobody expected at three quarters of `concurrency`. Anybody
 * can invent such jobs, and a provider that does not answer would keep every slot with them.
 */
export function createStrangers(concurrency: number): WorkerState["strangers"] {
  const limit = Math.max(1, concurrency - Math.ceil(concurrency / 4));
  const confirming = new Set<object>();
  return {
    begin(run) {
      if (confirming.size >= limit) return false;
      confirming.add(run);
      return true;
    },
    end: (run) => void confirming.delete(run),
  };
}
