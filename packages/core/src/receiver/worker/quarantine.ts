import { settle } from "../run/settle.ts";
import type { HeldLease, WorkerState } from "../run/worker-state.ts";

/** A deployment may cost a lease. After two lost leases, the result may be the cause. */
const FIRST_SUSPECT_ATTEMPT = 3;

/**
 * Separates results that may kill the process: only one of them runs at a time, chosen at random.
 * The others are released without costing an attempt, so that a result that kills the process does
 * not use up the attempts of the others.
 */
export interface Quarantine {
  /**
   * Returns the leases that may start. It releases the others first, because a lease that starts
   * may end the process. `onRelease` runs for each released lease. Never rejects.
   */
  admit(leases: HeldLease[], onRelease: () => void): Promise<HeldLease[]>;
  /** A run has ended. */
  end(lease: HeldLease): void;
}

export function createQuarantine(state: WorkerState): Quarantine {
  const { store, retry, limits } = state.settings;
  let running: HeldLease | undefined;

  const isSuspect = ({ jobId, attempt, lost }: HeldLease): boolean =>
    lost === true &&
    attempt >= Math.min(FIRST_SUSPECT_ATTEMPT, retry.maxAttempts) &&
    // For a lease that one of these three lines excludes, no callback is started.
    attempt <= retry.maxAttempts &&
    state.running.get(jobId) === undefined &&
    !state.unsettled.has(jobId) &&
    // A row that ends with this process cannot kill the next process.
    store.traits.durable;

  return {
    async admit(leases, onRelease) {
      const suspects = leases.filter(isSuspect);
      if (suspects.length === 0) return leases;
      const chosen = running ?? suspects[Math.floor(Math.random() * suspects.length)];
      running = chosen;
      const others = suspects.filter((lease) => lease !== chosen);
      const release = async (lease: HeldLease): Promise<void> => {
        // The result that killed the process is due again only after a whole lease.
        const delayMs = Math.round(Math.random() * limits.leaseMs);
        await settle(state, lease, { to: "release", delayMs });
        onRelease();
        state.alarm.wake(delayMs);
      };
      await Promise.all(others.map(release));
      return leases.filter((lease) => !others.includes(lease));
    },
    end(lease) {
      if (running === lease) running = undefined;
    },
  };
}
