import { timer } from "../../clock.ts";
import type { Lease, Settlement } from "../../store/job-store.ts";
import { describeCause } from "../events/describe-error.ts";
import { warning } from "../events/emit.ts";
import { lookUp } from "./dead-letter.ts";
import type { RunEnd, RunHost } from "./worker-state.ts";

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
 * @returns what the run has come to: `"lost"` when the lease was no longer ours or a drain ended,
 *   `"done"` when the callback's own transaction was first.
 */
export function settle(host: RunHost, lease: Lease, settlement: Settlement): Promise<RunEnd> {
  return ask(host, lease, settlement).then(
    (settled) => (settled ? ENDS[settlement.to] : refused(host, lease, settlement)),
    (thrown) => {
      warnUnsettled(host, lease, thrown);
      return told(host, lease, settleLater(host, lease, settlement));
    },
  );
}

const refused = (host: RunHost, lease: Lease, settlement: Settlement): Promise<RunEnd> =>
  told(
    host,
    lease,
    endUnder(host, lease, settlement).catch((): RunEnd => "lost"),
  );

async function told(host: RunHost, lease: Lease, ending: Promise<RunEnd>): Promise<RunEnd> {
  const end = await ending;
  if (end === "lost") warnLost(host, lease);
  return end;
}

/** True when the job was completed under this very lease, be it by `settleIn`. */
export async function isDoneUnder({ settings }: RunHost, lease: Lease): Promise<boolean> {
  const row = await lookUp(settings, lease.jobId);
  return row?.state === "done" && row.fence === lease.fence;
}

function ask({ settings }: RunHost, lease: Lease, settlement: Settlement): Promise<boolean> {
  const { store, callStore } = settings;
  return callStore(() => store.settle(lease, settlement));
}

async function settleLater(host: RunHost, lease: Lease, settlement: Settlement): Promise<RunEnd> {
  let newest = lease;
  let tell = (_: RunEnd): void => undefined;
  const ended = new Promise<RunEnd>((resolve) => {
    tell = resolve;
  });
  host.owed.set(lease.jobId, {
    payload: lease.payload,
    renew(next) {
      newest = next;
      return ended;
    },
  });
  let end: RunEnd | undefined;
  for (let delayMs = FIRST_DELAY_MS; end === undefined && !host.isStopped(); delayMs *= 2) {
    await pause(Math.min(delayMs, LONGEST_DELAY_MS));
    const asked = newest;
    try {
      const settled = await ask(host, asked, settlement);
      end = settled ? ENDS[settlement.to] : await endUnder(host, asked, settlement);
      // Refused, but claimed again by ourselves meanwhile: go on under that lease.
      if (end === "lost" && asked !== newest) end = undefined;
    } catch {
      // Still down: ask again.
    }
  }
  end ??= "lost";
  host.owed.delete(lease.jobId);
  tell(end);
  return end;
}

const pause = (delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    timer(delayMs, resolve);
  });

/** What a refused lease has come to: a try may be written although its reply was lost, be it by a client that sends again. */
async function endUnder(
  { settings }: RunHost,
  lease: Lease,
  settlement: Settlement,
): Promise<RunEnd> {
  const { store, callStore } = settings;
  const row = await callStore(() => store.get(lease.jobId));
  if (row?.fence !== lease.fence || row.state === "leased") return "lost";
  return row.state === "done" ? "done" : ENDS[settlement.to];
}

/** Tells that an attempt's outcome is not recorded. */
export const warnLost = ({ emit }: RunHost, { jobId, attempt }: Lease): void =>
  emit(
    warning(
      "lease_lost",
      `Attempt ${attempt} of job ${jobId} lost its lease, so its outcome is not recorded and the callback runs again. Is the event loop blocked, or leaseMs too short?`,
      jobId,
    ),
  );

const warnUnsettled = ({ emit }: RunHost, { jobId }: Lease, thrown: unknown): void =>
  emit(
    warning(
      "store_unavailable",
      `The store failed to record how job ${jobId} ended. ${describeCause(thrown)} It is asked again until it does; the callback is not run meanwhile.`,
      jobId,
    ),
  );
