import { timer } from "../clock.ts";
import type { Lease, Settlement } from "../store/job-store.ts";
import { describeCause } from "./describe-error.ts";
import type { RunEnd, RunHost } from "./run-host.ts";

/** What a run has come to once its settlement holds. */
const ENDS: Record<Settlement["to"], RunEnd> = {
  done: "done",
  retry: "retry",
  dead: "dead",
  release: "released",
  extend: "lost",
};
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;

/**
 * Settles a lease, asking again for as long as the store fails: the callback has run, and running
 * it again for the store's sake would be worse than waiting.
 *
 * @returns whether the settlement holds. `false`: the lease was no longer ours, or a drain ended.
 */
export function settle(host: RunHost, lease: Lease, settlement: Settlement): Promise<boolean> {
  const answered = (settled: boolean): boolean => {
    if (!settled) warnLost(host, lease);
    return settled;
  };
  return ask(host, lease, settlement).then(answered, (thrown) => {
    warnUnsettled(host, lease, thrown);
    return settleLater(host, lease, settlement).then(answered);
  });
}

function ask({ settings }: RunHost, lease: Lease, settlement: Settlement): Promise<boolean> {
  const { store, callStore } = settings;
  return callStore(() => store.settle(lease, settlement));
}

async function settleLater(host: RunHost, lease: Lease, settlement: Settlement): Promise<boolean> {
  let newest = lease;
  let end = (_: RunEnd): void => undefined;
  const ended = new Promise<RunEnd>((resolve) => {
    end = resolve;
  });
  host.owed.set(lease.jobId, {
    payload: lease.payload,
    renew(next) {
      newest = next;
      return ended;
    },
  });
  let settled: boolean | undefined;
  for (let delayMs = FIRST_DELAY_MS; settled === undefined && !host.isStopped(); delayMs *= 2) {
    await pause(Math.min(delayMs, LONGEST_DELAY_MS));
    const asked = newest;
    try {
      // An earlier try may have been written although its reply was lost.
      settled = (await ask(host, asked, settlement)) || (await isSettledUnder(host, asked));
      // Refused, but claimed again by ourselves meanwhile: go on under that lease.
      if (!settled && asked !== newest) settled = undefined;
    } catch {
      // Still down: ask again.
    }
  }
  host.owed.delete(lease.jobId);
  end(settled === true ? ENDS[settlement.to] : "lost");
  return settled === true;
}

const pause = (delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    timer(delayMs, resolve);
  });

async function isSettledUnder({ settings }: RunHost, lease: Lease): Promise<boolean> {
  const { store, callStore } = settings;
  const row = await callStore(() => store.get(lease.jobId));
  return row?.fence === lease.fence && row.state !== "leased";
}

/** Tells that an attempt's outcome is not recorded. */
export const warnLost = ({ emit }: RunHost, lease: Lease): void =>
  emit({
    type: "warning",
    jobId: lease.jobId,
    error: {
      code: "lease_lost",
      message: `Attempt ${lease.attempt} of job ${lease.jobId} lost its lease, so its outcome is not recorded and the callback runs again. Is the event loop blocked, or leaseMs too short?`,
    },
  });

const warnUnsettled = ({ emit }: RunHost, lease: Lease, thrown: unknown): void =>
  emit({
    type: "warning",
    jobId: lease.jobId,
    error: {
      code: "store_unavailable",
      message: `The store failed to record how job ${lease.jobId} ended (${describeCause(thrown)}). It is asked again until it does; the callback is not run again meanwhile.`,
    },
  });
