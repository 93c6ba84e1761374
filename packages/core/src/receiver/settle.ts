import { timer } from "../clock.ts";
import type { Lease, Settlement } from "../store/job-store.ts";
import type { Emit } from "./events.ts";
import type { Settings } from "./settings.ts";
import { storeCall } from "./store-call.ts";

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;

/**
 * Settles a lease, asking again for as long as the store fails: the callback has run, and running
 * it again for the store's sake would be worse than waiting.
 *
 * @param isStopped true once nobody waits any longer, at the end of a drain.
 * @returns whether the settlement holds. `false`: the lease was no longer ours, or we gave up.
 */
export async function settle(
  settings: Settings,
  emit: Emit,
  lease: Lease,
  settlement: Settlement,
  isStopped: () => boolean,
): Promise<boolean> {
  const { store, limits } = settings;
  for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(2 * delayMs, LONGEST_DELAY_MS)) {
    const again = delayMs > FIRST_DELAY_MS;
    try {
      if (await storeCall(() => store.settle(lease, settlement), limits.storeTimeoutMs)) return true;
      // An earlier try may have been written although its reply was lost.
      return again && (await isSettledUnder(settings, lease));
    } catch {
      if (isStopped()) return false;
      if (!again) warnUnsettled(emit, lease.jobId);
      await new Promise<void>((resolve) => void timer(delayMs, resolve));
    }
  }
}

async function isSettledUnder({ store, limits }: Settings, lease: Lease): Promise<boolean> {
  const row = await storeCall(() => store.get(lease.jobId), limits.storeTimeoutMs);
  return row?.fence === lease.fence && row.state !== "leased";
}

const warnUnsettled = (emit: Emit, jobId: string): void =>
  emit({
    type: "warning",
    jobId,
    error: {
      code: "store_unavailable",
      message: `The store failed to record how job ${jobId} ended. It is asked again until it does; the callback is not run again meanwhile.`,
    },
  });
