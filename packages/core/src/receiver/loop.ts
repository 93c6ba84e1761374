import { timer } from "../clock.ts";
import { describeCause } from "./describe-error.ts";
import type { Emit } from "./events.ts";
import type { TickReport } from "./receiver.ts";
import type { RunEnd } from "./run-host.ts";
import type { Settings } from "./settings.ts";

/** How often a started receiver looks for what other instances have left. */
const LOOK_AROUND_MS = 30_000;
/** How long to leave rows alone that are due and cannot be claimed. */
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
): Loop {
  const { store, callStore, now } = settings;
  let cancelTimer = (): void => undefined;
  let wakeAtMs = Infinity;
  let passing = false;
  let missed = false;
  let backlog = false;
  let started = false;
  let ticked = false;
  let stopped = false;
  let failures = 0;

  const wake = (delayMs: number): void => {
    const atMs = now() + delayMs;
    if (stopped || atMs >= wakeAtMs) return;
    cancelTimer();
    wakeAtMs = atMs;
    cancelTimer = timer(delayMs, () => void pass());
  };

  const nextDueInMs = () => callStore(() => store.nextDueInMs());
  const prune = () => callStore(() => store.prune({ limit: PRUNE_LIMIT }));

  const pass = async (): Promise<void> => {
    wakeAtMs = Infinity;
    missed = passing;
    if (passing) return;
    passing = true;
    try {
      while ((await claim()).length > 0);
      backlog = !hasFreeSlot();
      // With every slot taken, the next one that becomes free goes on.
      if (!backlog) await rest();
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
      await prune();
      wake(LOOK_AROUND_MS);
    }
    const dueInMs = await nextDueInMs();
    if (dueInMs !== undefined) wake(dueInMs === 0 ? BUSY_MS : dueInMs);
  };

  const backOff = (thrown: unknown): void => {
    failures += 1;
    if (failures === 1) {
      emit({
        type: "warning",
        error: {
          code: "store_unavailable",
          message: `The store cannot be asked for what is due (${describeCause(thrown)}). Due results wait; it is asked again until it answers.`,
        },
      });
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
      for (let runs = await claim(); runs.length > 0; runs = await claim()) {
        claimed += runs.length;
        await Promise.all(runs);
      }
      const pruned = await prune();
      const dueInMs = await nextDueInMs();
      return { claimed, polled: 0, pruned, ...(dueInMs !== undefined && { nextDueInMs: dueInMs }) };
    },
    wasDriven: () => started || ticked,
  };
}
