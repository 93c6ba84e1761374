import { describeCause } from "../events/describe-error.ts";
import { warning } from "../events/emit.ts";
import type { Parts } from "../parts.ts";
import type { TickReport } from "../receiver.ts";
import type { RunEnd } from "../run/worker-state.ts";

/** A started receiver looks at least this often for what other instances have left. */
const LOOK_MS = 30_000;
/** The first pause before rows are looked at again that are due and cannot be claimed. */
const BUSY_MS = 1_000;
const MAX_OUTAGE_DELAY_MS = 30_000;
const PRUNE_LIMIT = 1_000;

/** Claims what is due, when it is due. */
export interface Loop {
  start(): void;
  /** One pass by hand. Resolves when the runs that it started have ended. */
  tick(): Promise<TickReport>;
  /** Resolves when nothing runs and nothing is due. */
  idle(): Promise<void>;
}

/** What claims the polls that are due, where the receiver has a client. */
export interface Polls {
  claim(): Promise<Promise<void>[]>;
  idle(): Promise<void>;
}

/** A loop that makes a pass whenever the alarm rings. */
export function createLoop(parts: Parts, polls?: Polls): Loop {
  const { settings, emit, worker, alarm, notices } = parts;
  const { store, callStore, now } = settings;
  // Not rarer than leases end: another instance's lease is then seen before it is lost.
  const lookMs = Math.min(LOOK_MS, settings.limits.leaseMs);
  let passing = false;
  let missed = false;
  let started = false;
  let failures = 0;
  /** `start` has warned of what this pass may fail of as well. */
  let hasWarned = false;
  let fruitless = 0;
  let prunedAtMs = -Infinity;

  const nextDueInMs = () => callStore(() => store.nextDueInMs());
  const prune = () => callStore(() => store.prune({ limit: PRUNE_LIMIT }));
  const claimRuns = async (): Promise<Promise<RunEnd>[]> =>
    parts.isDraining() ? [] : worker.claim();
  const claimPolls = async (): Promise<Promise<void>[]> => (await polls?.claim()) ?? [];

  const pass = async (): Promise<void> => {
    missed = passing;
    if (passing) return;
    passing = true;
    try {
      fruitless += 1;
      await claimAll();
      // Where every slot is taken, the next one that becomes free rings again. Polls need no slot.
      if (worker.slots.hasRoom()) await rest();
      if (!worker.slots.hasRoom() && polls) alarm.lookIn(LOOK_MS);
      failures = 0;
      hasWarned = false;
    } catch (thrown) {
      backOff(thrown);
    } finally {
      passing = false;
    }
    // What fell due during the pass may have come too late for it.
    if (missed) alarm.lookIn(0);
  };

  /** Claims until there is nothing more to claim. Answers whether there was anything. */
  const claimAll = async (): Promise<boolean> => {
    let found = false;
    while ((await claimRuns()).length > 0) found = true;
    while ((await claimPolls()).length > 0) found = true;
    if (found) fruitless = 0;
    return found;
  };

  const rest = async (): Promise<void> => {
    if (started) {
      // A busy receiver passes many times a second, and most stores write in order to prune.
      if (now() - prunedAtMs >= LOOK_MS / 2) {
        await prune();
        prunedAtMs = now();
      }
      alarm.lookIn(lookMs);
    }
    let dueInMs = await nextDueInMs();
    // A row may have fallen due since the claim. Only another claim shows what cannot be claimed.
    while (dueInMs === 0 && (await claimAll()) && worker.slots.hasRoom()) {
      dueInMs = await nextDueInMs();
    }
    // The pauses grow only for rows that are due and cannot be claimed.
    if (dueInMs !== 0) fruitless = 0;
    if (dueInMs !== undefined) alarm.lookIn(dueInMs === 0 ? busyMs() : dueInMs);
  };

  /** The pause before such rows are looked at again. It ends when another row is due. */
  const busyMs = (): number =>
    Math.min(BUSY_MS * 2 ** fruitless, LOOK_MS, Math.max(0, alarm.dueInMs()));

  const backOff = (thrown: unknown): void => {
    failures += 1;
    if (failures === 1 && !hasWarned) {
      const message = `The store cannot be asked for what is due. ${describeCause(thrown)} It is asked again until it answers.`;
      emit(warning("store_unavailable", message));
    }
    alarm.lookIn(Math.min(BUSY_MS * 2 ** (failures - 1), MAX_OUTAGE_DELAY_MS));
  };

  const warnUnlessReady = async (): Promise<void> => {
    try {
      await settings.readiness.ask();
    } catch (thrown) {
      // Where a pass has failed meanwhile, that has been said.
      hasWarned = failures === 0;
      if (hasWarned) parts.storeOutage.failed(describeCause(thrown));
    }
  };

  alarm.onRing(() => void pass());
  return {
    start() {
      started = true;
      notices.driven();
      void warnUnlessReady();
      alarm.wake(0);
    },
    async tick() {
      notices.driven();
      let claimed = 0;
      let polled = 0;
      const claimAndWait = async (): Promise<boolean> => {
        const before = claimed + polled;
        for (let found = 1; found > 0;) {
          const runs = await claimRuns();
          const polling = await claimPolls();
          found = runs.length + polling.length;
          claimed += runs.length;
          polled += polling.length;
          await Promise.all([...runs, ...polling]);
        }
        return claimed + polled > before;
      };
      await claimAndWait();
      const pruned = await prune();
      let dueInMs = await nextDueInMs();
      while (dueInMs === 0 && (await claimAndWait())) dueInMs = await nextDueInMs();
      const report = { claimed, polled, pruned };
      if (dueInMs === undefined) return report;
      // A row that is due and could not be claimed now cannot be claimed in the same moment.
      return { ...report, nextDueInMs: dueInMs || BUSY_MS };
    },
    async idle() {
      for (let busy = true; busy;) {
        await polls?.idle();
        await worker.slots.empty();
        const found = (await claimRuns()).length + (await claimPolls()).length;
        busy = found + worker.slots.inUse() > 0;
      }
    },
  };
}
