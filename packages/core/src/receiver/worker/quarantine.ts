import { settle } from "../run/settle.ts";
import type { HeldLease, WorkerState } from "../run/worker-state.ts";

/** One lost lease is an ordinary deployment. After two, the result may be what ends the process. */
const FIRST_SUSPECT_ATTEMPT = 3;

/**
 * Keeps results that may kill the process apart from each other: one of them runs at a time, chosen
 * at random. The others are released without costing an attempt, so that a result which kills the
 * process takes no other result's last attempts with it.
 */
export interface Quarantine {
  /**
   * Which of these leases may start. The others are released first, since a lease that starts may
   * end the process; `onRelease` runs for each of them. Never rejects.
   */
  admit(leases: HeldLease[], onRelease: () => void): Promise<HeldLease[]>;
  /** A run has ended. */
  end(lease: HeldLease): void;
}

/** Nothing is in quarantine yet. */
export function createQuarantine(state: WorkerState): Quarantine {
  const { store, retry, limits } = state.settings;
  let running: HeldLease | undefined;

  const isSuspect = ({ jobId, attempt, lost }: HeldLease): boolean =>
    lost === true &&
    attempt >= Math.min(FIRST_SUSPECT_ATTEMPT, retry.maxAttempts) &&
    // The callback runs for neither of these two.
    attempt <= retry.maxAttempts &&
    !state.unsettled.has(jobId) &&
    // A row that ends with the process cannot kill the next one.
    store.traits.durable;

  return {
    async admit(leases, onRelease) {
      const suspects = leases.filter(isSuspect);
      if (suspects.length === 0) return leases;
      const chosen = running ?? suspects[Math.floor(Math.random() * suspects.length)];
      running = chosen;
      const others = suspects.filter((lease) => lease !== chosen);
      const release = async (lease: HeldLease): Promise<void> => {
        // Within one lease: until then the result that killed the process is not due again.
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
