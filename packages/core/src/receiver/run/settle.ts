import { timer } from "../../clock.ts";
import type { Lease, Settlement } from "../../store/job-store.ts";
import { inPlainWords } from "../../store/plain-words.ts";
import { lookUp } from "../../store/store-call.ts";
import { describeCause } from "../events/describe-error.ts";
import { warning } from "../events/emit.ts";
import type { RunEnd, Unsettled, WorkerState } from "./worker-state.ts";

/** How a run has ended once its settlement is recorded. */
const ENDS: Record<Settlement["to"], RunEnd> = {
  done: "done",
  retry: "retry",
  dead: "dead",
  release: "released",
  extend: "lost",
};
const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 5_000;
/** Every third try to settle replaces characters that the store may not hold. */
const PLAIN_EVERY = 3;

/**
 * Settles a lease, and repeats this while the store fails or does not answer. The callback has run,
 * and to run it again would be worse than to wait.
 *
 * @returns how the run has ended: `"lost"` when another worker holds the job or a drain has ended,
 *   `"done"` when the callback's own transaction was first.
 */
export function settle(state: WorkerState, lease: Lease, settlement: Settlement): Promise<RunEnd> {
  return send(state, lease, settlement).then(
    (settled) => {
      if (settled) return ENDS[settlement.to];
      const ending = readEnd(state, lease, settlement).catch((): RunEnd => "lost");
      return warnIfLost(state, lease, ending);
    },
    (thrown) => {
      warnUnsettled(state, lease, thrown);
      return warnIfLost(state, lease, settleLater(state, lease, settlement));
    },
  );
}

/** True when the job is done under this lease, for example by `settleIn`. */
export async function isDoneUnder({ settings }: WorkerState, lease: Lease): Promise<boolean> {
  const row = await lookUp(settings, lease.jobId);
  return row?.state === "done" && row.fence === lease.fence;
}

/** Warns that an attempt's outcome is not recorded. */
export const warnLost = ({ emit }: WorkerState, { jobId, attempt }: Lease): void =>
  emit(
    warning(
      "lease_lost",
      `Attempt ${attempt} of job ${jobId} lost its lease, so its outcome is not recorded and the callback runs again. Is the event loop blocked, or leaseMs too short?`,
      jobId,
    ),
  );

function send({ settings }: WorkerState, lease: Lease, settlement: Settlement): Promise<boolean> {
  const { store, callStore } = settings;
  return callStore(() => store.settle(lease, settlement));
}

function settleLater(state: WorkerState, lease: Lease, settlement: Settlement): Promise<RunEnd> {
  const { unsettled } = state;
  const { jobId, payload, fence } = lease;
  let newest = lease;
  let isOpen = true;
  let finish = (_: RunEnd): undefined => undefined;
  const ended = new Promise<RunEnd>((resolve) => {
    finish = (end) => {
      isOpen = false;
      // A later attempt of the job may have an entry of its own.
      if (unsettled.get(jobId) === entry) unsettled.delete(jobId);
      resolve(end);
    };
  });
  const entry: Unsettled = {
    payload,
    fence,
    renew(next) {
      // A lease that replaces no lost lease shows that the store has recorded the outcome, although
      // its reply was lost. A done job is never leased again.
      if (settlement.to !== "done" && next.lost !== true) {
        return finish(ENDS[settlement.to]);
      }
      if (next.fence > newest.fence) newest = next;
      return ended;
    },
  };
  if ((unsettled.get(jobId)?.fence ?? 0) < fence) unsettled.set(jobId, entry);

  const askAgain = async (): Promise<void> => {
    let tries = 0;
    for (let delayMs = FIRST_DELAY_MS; isOpen && !state.isStopped(); delayMs *= 2) {
      await pause(Math.min(delayMs, MAX_DELAY_MS));
      const sent = newest;
      tries += 1;
      // The store may refuse the words, and would for ever. In an outage most tries keep them.
      const words = tries % PLAIN_EVERY === 0 ? inPlainWords(settlement) : settlement;
      try {
        const settled = await send(state, sent, words);
        const end = settled ? ENDS[settlement.to] : await readEnd(state, sent, settlement);
        // Otherwise this worker has claimed the job again meanwhile: go on under the newer lease.
        if (sent === newest) finish(end);
      } catch {
        // The store is still down: ask again.
      }
    }
    finish("lost");
  };
  void askAgain();
  return ended;
}

const pause = (delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    timer(delayMs, resolve);
  });

/** Reads how a refused lease ended. The store may have recorded a try whose reply was lost. */
async function readEnd(
  { settings }: WorkerState,
  lease: Lease,
  settlement: Settlement,
): Promise<RunEnd> {
  const { store, callStore } = settings;
  const row = await callStore(() => store.get(lease.jobId));
  if (row?.fence !== lease.fence || row.state === "leased") return "lost";
  return row.state === "done" ? "done" : ENDS[settlement.to];
}

async function warnIfLost(
  state: WorkerState,
  lease: Lease,
  ending: Promise<RunEnd>,
): Promise<RunEnd> {
  const end = await ending;
  if (end === "lost") warnLost(state, lease);
  return end;
}

const warnUnsettled = ({ emit }: WorkerState, { jobId }: Lease, thrown: unknown): void =>
  emit(
    warning(
      "store_unavailable",
      `The store failed to record how job ${jobId} ended. Until it can, the callback is not run again. ${describeCause(thrown)}`,
      jobId,
    ),
  );
