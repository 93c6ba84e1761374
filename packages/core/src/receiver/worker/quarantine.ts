import { settle } from "../run/settle.ts";
import type { Held, RunHost } from "../run/worker-state.ts";

/** One run cut off is an ordinary deployment; after two, its result may be what ends the process. */
const FIRST_SUSPECT_ATTEMPT = 3;

/**
 * Keeps results that may kill the process apart from each other: one of them runs at a time, by
 * chance, and the others wait with their attempts not counted. Whoever kills takes along nobody who
 * has few attempts left, and everybody else has a turn.
 */
export interface Suspects {
  /**
   * What may start. The rest is given back before that is said, since what starts may be the end.
   * Never rejects.
   */
  admit(leases: Held[], onRelease: () => void): Promise<Held[]>;
  /** A run has ended. */
  end(lease: Held): void;
}

export function createSuspects(host: RunHost): Suspects {
  const { store, retry, limits } = host.settings;
  let running: Held | undefined;

  const isSuspect = ({ jobId, attempt, lost }: Held): boolean =>
    lost === true &&
    attempt >= Math.min(FIRST_SUSPECT_ATTEMPT, retry.maxAttempts) &&
    // Neither of these two calls the callback.
    attempt <= retry.maxAttempts &&
    !host.owed.has(jobId) &&
    // What ends with the process cannot kill the next one.
    store.traits.durable;

  return {
    async admit(leases, onRelease) {
      const suspects = leases.filter(isSuspect);
      if (suspects.length === 0) return leases;
      const chosen = running ?? suspects[Math.floor(Math.random() * suspects.length)];
      running = chosen;
      const others = suspects.filter((lease) => lease !== chosen);
      const giveBack = async (lease: Held): Promise<void> => {
        // Within a lease: by then who has killed the process is not back yet, and others have a turn.
        const delayMs = Math.round(Math.random() * limits.leaseMs);
        await settle(host, lease, { to: "release", delayMs });
        onRelease();
        host.wake(delayMs);
      };
      await Promise.all(others.map(giveBack));
      return leases.filter((lease) => !others.includes(lease));
    },
    end(lease) {
      if (running === lease) running = undefined;
    },
  };
}
