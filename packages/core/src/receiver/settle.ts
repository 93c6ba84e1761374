import { timer } from "../clock.ts";
import type { Lease, Settlement } from "../store/job-store.ts";
import type { RunHost } from "./run.ts";
import { storeCall } from "./store-call.ts";

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;

/**
 * Settles a lease, asking again for as long as the store fails: the callback has run, and running
 * it again for the store's sake would be worse than waiting.
 *
 * @returns whether the settlement holds. `false`: the lease was no longer ours, or a drain ended.
 */
export function settle(host: RunHost, lease: Lease, settlement: Settlement): Promise<boolean> {
  const { store, limits } = host.settings;
  const ask = () => storeCall(() => store.settle(lease, settlement), limits.storeTimeoutMs);
  const answered = (settled: boolean): boolean => {
    if (!settled) warnLost(host, lease);
    return settled;
  };
  return ask().then(answered, () => {
    warnUnsettled(host, lease);
    return settleLater(host, lease, ask).then(answered);
  });
}

async function settleLater(
  host: RunHost,
  lease: Lease,
  ask: () => Promise<boolean>,
): Promise<boolean> {
  for (let delayMs = FIRST_DELAY_MS; !host.isStopped(); delayMs *= 2) {
    await new Promise<void>((resolve) => {
      timer(Math.min(delayMs, LONGEST_DELAY_MS), resolve);
    });
    try {
      // An earlier try may have been written although its reply was lost.
      return (await ask()) || (await isSettledUnder(host, lease));
    } catch {
      // Still down: ask again.
    }
  }
  return false;
}

async function isSettledUnder({ settings }: RunHost, lease: Lease): Promise<boolean> {
  const { store, limits } = settings;
  const row = await storeCall(() => store.get(lease.jobId), limits.storeTimeoutMs);
  return row?.fence === lease.fence && row.state !== "leased";
}

/** Tells that an attempt's outcome is not recorded. */
export const warnLost = ({ emit }: RunHost, lease: Lease): void =>
  emit({
    type: "warning",
    jobId: lease.jobId,
    error: {
      code: "lease_lost",
      message: `Attempt ${lease.attempt} of job ${lease.jobId} lost its lease, so its outcome is not recorded; whoever holds the lease now runs it again. Is the event loop blocked, or leaseMs too short?`,
    },
  });

const warnUnsettled = ({ emit }: RunHost, lease: Lease): void =>
  emit({
    type: "warning",
    jobId: lease.jobId,
    error: {
      code: "store_unavailable",
      message: `The store failed to record how job ${lease.jobId} ended. It is asked again until it does; the callback is not run again meanwhile.`,
    },
  });
