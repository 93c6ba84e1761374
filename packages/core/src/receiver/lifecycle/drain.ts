import { lastingTimer, within } from "../../clock.ts";
import { deadLettersOf } from "../../store/capabilities.ts";
import type { DeadLetters } from "../../store/capabilities.ts";
import type { JobStore } from "../../store/job-store.ts";
import { warning } from "../events/emit.ts";
import type { Parts } from "../parts.ts";
import type { DrainReport } from "../reports.ts";
import type { RunEnd } from "../run/worker-state.ts";
import type { Settings } from "../settings.ts";
import type { Worker } from "../worker/worker.ts";

/** The max part of the timeout that is reserved for releasing leases. */
const MAX_GRACE_MS = 1_000;

/**
 * Waits for running callbacks, then cuts them off and releases their leases. If the store ends with
 * this process, it also runs the waiting results, because no other process can run them.
 */
export async function drain(
  { settings, emit, worker }: Pick<Parts, "settings" | "emit" | "worker">,
  polls: Promise<void> | undefined,
  timeoutMs: number,
): Promise<DrainReport> {
  const { durable } = settings.store.traits;
  const before = { ...worker.ended };
  const graceMs = Math.min(MAX_GRACE_MS, timeoutMs / 10);
  const allSettled = durable
    ? worker.slots.empty()
    : runWaiting(settings.store, worker).catch(() => worker.slots.empty());
  await within((expire) => lastingTimer(timeoutMs - graceMs, expire), allSettled);
  // A job that was released until now has run since then, or waits in the store.
  const { released: releasedBefore } = worker.ended;
  worker.stop();
  const allReleased = Promise.resolve(polls).then(worker.slots.empty);
  await within((expire) => lastingTimer(graceMs, expire), allReleased);

  const since = (end: RunEnd): number => worker.ended[end] - before[end];
  const settled = since("done") + since("retry") + since("dead");
  if (durable) return { settled, released: since("released"), lost: 0 };
  const cutOff = worker.ended.released - releasedBefore + worker.slots.inUse();
  const lost = await countWaiting(settings, cutOff);
  if (lost > 0) emit(warning("lost_at_drain", lostMessage(lost)));
  return { settled, released: 0, lost };
}

/** Runs due jobs, then jobs that wait for their retry, then jobs that were released meanwhile. */
async function runWaiting(store: JobStore, worker: Worker): Promise<void> {
  // One free slot is enough, so that a callback that hangs does not block the others.
  do await worker.slots.available();
  while ((await worker.claim()).length > 0);
  const letters = deadLettersOf(store);
  for (const jobId of letters ? await pendingIds(letters) : []) {
    await worker.slots.available();
    void (await worker.claim(jobId));
  }
  // A job that was released during these calls may be missing in their answers.
  for (let seen = -1; worker.slots.inUse() > 0;) {
    if (worker.ended.released === seen) await worker.slots.changed();
    seen = worker.ended.released;
    void (await worker.claim());
  }
}

async function pendingIds(letters: DeadLetters): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await letters.list({
      state: "pending",
      limit: 1_000,
      payloads: false,
      ...(after !== undefined && { after }),
    });
    ids.push(...page.records.map((record) => record.jobId));
    after = page.next;
  } while (after !== undefined);
  return ids;
}

async function countWaiting({ store, callStore }: Settings, cutOff: number): Promise<number> {
  const letters = deadLettersOf(store);
  if (letters === undefined) return cutOff;
  try {
    const { pending, leased } = await callStore(() => letters.stats());
    return pending + leased;
  } catch {
    return cutOff;
  }
}

const lostMessage = (lost: number): string =>
  `${lost} accepted results were not handled in time, and are lost with this process. Use a durable store, or a longer drain.`;
