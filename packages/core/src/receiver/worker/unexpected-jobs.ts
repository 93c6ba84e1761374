import type { WorkerState } from "../run/worker-state.ts";

/**
 * Limits the confirmations of unexpected jobs to three quarters of `concurrency`. Anybody can
 * invent such jobs. While the provider does not answer, they would otherwise hold every slot.
 */
export function createUnexpectedJobs(concurrency: number): WorkerState["unexpectedJobs"] {
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
