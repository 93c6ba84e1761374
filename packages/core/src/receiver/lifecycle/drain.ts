import { lastingTimer, within } from "../../clock.ts";
import { deadLettersOf } from "../../store/capabilities.ts";
import type { DeadLetters } from "../../store/capabilities.ts";
import type { JobStore } from "../../store/job-store.ts";
import { warning } from "../events/emit.ts";
import type { Parts } from "../parts.ts";
import type { DrainReport } from "../receiver.ts";
import type { RunEnd } from "../run/worker-state.ts";
import type { Settings } from "../settings.ts";
import type { Worker } from "../worker/worker.ts";

/** The part of the budget, in ms, that is kept for releasing leases. */
const MAX_GRACE_MS = 1_000;

/**
 * Waits for the callbacks that run, then cuts them off and releases their leases. Of a store that
 * ends with this process, the results that wait are run as well, since nobody else ever will.
 */
export async function drain(
  { settings, emit, worker }: Pick<Parts, "settings" | "emit" | "worker">,
  polls: Promise<void> | undefined,
  timeoutMs: number,
): Promise<DrainReport> {
  const { durable } = settings.store.traits;
  const before = { ...worker.ended };
  const graceMs = Math.min(MAX_GRACE_MS, timeoutMs / 10);
  const quiet = durable
    ? worker.slots.empty()
    : runWaiting(settings.store, worker).catch(() => worker.slots.empty());
  await within((expire) => lastingTimer(timeoutMs - graceMs, expire), quiet);
  // What was released until now has run since, or waits with the others.
  const { released: releasedBefore } = worker.ended;
  worker.stop();
  const over = Promise.resolve(polls).then(worker.slots.empty);
  await within((expire) => lastingTimer(graceMs, expire), over);

  const since = (end: RunEnd): number => worker.ended[end] - before[end];
  const settled = since("done") + since("retry") + since("dead");
  if (durable) return { settled, released: since("released"), lost: 0 };
  const cutOff = worker.ended.released - releasedBefore + worker.slots.inUse();
  const lost = await countWaiting(settings, cutOff);
  if (lost > 0) emit(warning("lost_at_drain", lostMessage(lost)));
  return { settled, released: 0, lost };
}

/** Runs everything due, gives one last try to what waits for its retry, and runs what found no slot. */
async function runWaiting(store: JobStore, worker: Worker): Promise<void> {
  // Not until every slot is free: a callback that hangs must not keep the others waiting.
  do await worker.slots.available();
  while ((await worker.claim()).length > 0);
  const letters = deadLettersOf(store);
  for (const jobId of letters ? await pendingIds(letters) : []) {
    await worker.slots.available();
    void (await worker.claim(jobId));
  }
  // What was released while the store was asked may be missing in its answer.
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
  `${lost} accepted results were not handled in time, and the store ends with this process. Use a durable store, or a longer drain.`;
