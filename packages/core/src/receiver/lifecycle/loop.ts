import { timer } from "../../clock.ts";
import { describeCause } from "../events/describe-error.ts";
import { warning } from "../events/emit.ts";
import type { Emit } from "../events/events.ts";
import type { Poller } from "../provider/poller.ts";
import type { TickReport } from "../receiver.ts";
import type { RunEnd } from "../run/worker-state.ts";
import type { Settings } from "../settings.ts";

/** How often, at the least, a started receiver looks for what other instances have left. */
const LOOK_AROUND_MS = 30_000;
/** How long to leave rows alone that are due and cannot be claimed, at first. */
const BUSY_MS = 1_000;
const LONGEST_OUTAGE_DELAY_MS = 30_000;
const PRUNE_LIMIT = 1_000;

/** Claims what is due, when it is due, with one timer. */
export interface Loop {
  /** Something is due in `delayMs`. */
  wake(delayMs: number): void;
  /** A result was stored for which no slot was free. */
  noteBacklog(): void;
  /** A slot has become free. */
  onFree(): void;
  start(): void;
  stop(): void;
  /** One pass by hand; resolves when the runs it started have ended. */
  tick(): Promise<TickReport>;
  /** Whether `start` or `tick` was ever called. */
  wasDriven(): boolean;
}

export function createLoop(
  settings: Settings,
  emit: Emit,
  claim: () => Promise<Promise<RunEnd>[]>,
  hasFreeSlot: () => boolean,
  poller: () => Pick<Poller, "claim"> | undefined,
): Loop {
  const { store, callStore, now } = settings;
  // No rarer than leases end: what another has leased since the last look is seen before it is over.
  const lookAroundMs = Math.min(LOOK_AROUND_MS, settings.limits.leaseMs);
  let cancelTimer = (): void => undefined;
  let wakeAtMs = Infinity;
  let passing = false;
  let missed = false;
  let backlog = false;
  let started = false;
  let ticked = false;
  let stopped = false;
  let failures = 0;
  let fruitless = 0;
  let prunedAtMs = -Infinity;

  const wake = (delayMs: number): void => {
    const nowMs = now();
    // On Workers a timer ends with the request it was set in, and so may never have fired.
    const isOverdue = wakeAtMs <= nowMs;
    if (stopped || (!isOverdue && nowMs + delayMs >= wakeAtMs)) return;
    cancelTimer();
    const inMs = isOverdue ? 0 : delayMs;
    wakeAtMs = nowMs + inMs;
    cancelTimer = timer(inMs, () => void pass());
  };

  const nextDueInMs = () => callStore(() => store.nextDueInMs());
  const prune = () => callStore(() => store.prune({ limit: PRUNE_LIMIT }));

  const pass = async (): Promise<void> => {
    wakeAtMs = Infinity;
    missed = passing;
    if (passing) return;
    passing = true;
    try {
      fruitless += 1;
      while ((await claim()).length + ((await poller()?.claim()) ?? []).length > 0) fruitless = 0;
      backlog = !hasFreeSlot();
      // With every slot taken, the next one that becomes free goes on; polls need none.
      if (!backlog) await rest();
      else if (poller()) wake(LOOK_AROUND_MS);
      failures = 0;
    } catch (thrown) {
      backOff(thrown);
    } finally {
      passing = false;
    }
    // What fell due during the pass may have come too late for it.
    if (missed) wake(0);
  };

  const rest = async (): Promise<void> => {
    if (started) {
      // A busy receiver passes many times a second, and most stores write to prune.
      if (now() - prunedAtMs >= LOOK_AROUND_MS / 2) {
        await prune();
        prunedAtMs = now();
      }
      wake(lookAroundMs);
    }
    const dueInMs = await nextDueInMs();
    // Only what is due and cannot be claimed is left alone for longer and longer.
    if (dueInMs !== 0) fruitless = 0;
    if (dueInMs !== undefined) wake(dueInMs === 0 ? busyMs() : dueInMs);
  };

  const busyMs = (): number => Math.min(BUSY_MS * 2 ** fruitless, LOOK_AROUND_MS);

  const backOff = (thrown: unknown): void => {
    failures += 1;
    if (failures === 1) {
      const message = `The store cannot be asked for what is due. ${describeCause(thrown)} It is asked again until it answers.`;
      emit(warning("store_unavailable", message));
    }
    wake(Math.min(BUSY_MS * 2 ** (failures - 1), LONGEST_OUTAGE_DELAY_MS));
  };

  return {
    wake,
    noteBacklog() {
      backlog = true;
      if (hasFreeSlot()) wake(0);
    },
    onFree() {
      if (backlog) wake(0);
    },
    start() {
      started = true;
      wake(0);
    },
    stop() {
      stopped = true;
      cancelTimer();
    },
    async tick() {
      ticked = true;
      let claimed = 0;
      let polled = 0;
      for (let found = 1; found > 0;) {
        const runs = await claim();
        const polls = (await poller()?.claim()) ?? [];
        found = runs.length + polls.length;
        claimed += runs.length;
        polled += polls.length;
        await Promise.all([...runs, ...polls]);
      }
      const pruned = await prune();
      const dueInMs = await nextDueInMs();
      const report = { claimed, polled, pruned };
      if (dueInMs === undefined) return report;
      // What is due and was not to be had by now is not to be had in the same moment.
      return { ...report, nextDueInMs: dueInMs || BUSY_MS };
    },
    wasDriven: () => started || ticked,
  };
}
