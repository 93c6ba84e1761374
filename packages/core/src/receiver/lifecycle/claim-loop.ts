import { endOfTurn } from "../../next-turn.ts";
import { readDueInMs } from "../../store/replies.ts";
import { describeCause } from "../events/describe-error.ts";
import type { Parts } from "../parts.ts";
import type { TickReport } from "../reports.ts";
import type { RunEnd } from "../run/worker-state.ts";

/** A started receiver checks the store at least this often, for jobs that other instances left. */
const CHECK_MS = 30_000;
/** The first pause before the next try to claim rows that are due but could not be claimed. */
const BUSY_MS = 1_000;
const MAX_OUTAGE_DELAY_MS = 30_000;
const PRUNE_LIMIT = 1_000;

/** Claims jobs and polls when they are due. */
export interface Loop {
  start(): void;
  /** Checks the store once. Resolves when the runs that it started have ended. */
  tick(): Promise<TickReport>;
  /** Resolves when no run is active and no job is due. */
  idle(): Promise<void>;
}

/** Claims the polls that are due. Present if the receiver has a client. */
export interface Polls {
  claim(): Promise<Promise<void>[]>;
  idle(): Promise<void>;
}

/** Makes a loop that checks the store whenever the alarm rings. */
export function createLoop(parts: Parts, polls?: Polls): Loop {
  const { settings, worker, alarm, notices, storeOutage } = parts;
  const { store, callStore, now } = settings;
  // Leases may be shorter than `CHECK_MS`. The alarm must know of another instance's lease in time.
  const checkMs = Math.min(CHECK_MS, settings.limits.leaseMs);
  let isChecking = false;
  let rangMeanwhile = false;
  let started = false;
  let failures = 0;
  /** How many checks in turn found due rows but could not claim any. */
  let busyChecks = 0;
  let prunedAtMs = -Infinity;

  const nextDueInMs = () => callStore(async () => readDueInMs(await store.nextDueInMs()));
  const prune = () => callStore(() => store.prune({ limit: PRUNE_LIMIT }));
  const claimRuns = async (): Promise<Promise<RunEnd>[]> =>
    parts.isDraining() ? [] : worker.claim();
  const claimPolls = async (): Promise<Promise<void>[]> => (await polls?.claim()) ?? [];

  const check = async (): Promise<void> => {
    rangMeanwhile = isChecking;
    if (isChecking) return;
    isChecking = true;
    try {
      busyChecks += 1;
      await claimAll();
      // If every slot is taken, the alarm rings when one becomes free. Polls need no such slot.
      if (worker.slots.hasRoom()) await pruneAndSetAlarm();
      else worker.noteBacklog();
      if (!worker.slots.hasRoom() && polls) alarm.ringIn(CHECK_MS);
      failures = 0;
      storeOutage.checks.over();
    } catch (thrown) {
      backOff(thrown);
    } finally {
      isChecking = false;
    }
    // This check may have missed a job that became due during it.
    if (rangMeanwhile) alarm.ringIn(0);
  };

  /** Claims until nothing is left to claim. Resolves to true if it claimed anything. */
  const claimAll = async (): Promise<boolean> => {
    let found = false;
    while ((await claimRuns()).length > 0) found = true;
    while ((await claimPolls()).length > 0) found = true;
    if (found) busyChecks = 0;
    return found;
  };

  const pruneAndSetAlarm = async (): Promise<void> => {
    if (started) {
      // A busy receiver checks many times a second, and most stores write when they prune.
      if (now() - prunedAtMs >= CHECK_MS / 2) {
        await prune();
        prunedAtMs = now();
      }
      alarm.ringIn(checkMs);
    }
    let dueInMs = await nextDueInMs();
    // A row may have become due since the last claim. Only another claim shows whether it is free.
    while (dueInMs === 0 && (await claimAll()) && worker.slots.hasRoom()) {
      dueInMs = await nextDueInMs();
    }
    // The pauses grow only while rows are due but cannot be claimed.
    if (dueInMs !== 0) busyChecks = 0;
    if (dueInMs !== undefined) alarm.ringIn(dueInMs === 0 ? busyMs() : dueInMs);
  };

  /** The pause before the next try to claim such rows. It ends when another row is due. */
  const busyMs = (): number =>
    Math.min(BUSY_MS * 2 ** busyChecks, CHECK_MS, Math.max(0, alarm.dueInMs()));

  const backOff = (thrown: unknown): void => {
    failures += 1;
    storeOutage.checks.failed(describeCause(thrown));
    alarm.ringIn(Math.min(BUSY_MS * 2 ** (failures - 1), MAX_OUTAGE_DELAY_MS));
  };

  const warnUnlessReady = async (): Promise<void> => {
    try {
      await settings.readiness.ask();
    } catch (thrown) {
      // A `submit` at boot may fail for the same reason and end the process. Its error is enough.
      await new Promise<void>(endOfTurn);
      storeOutage.failed(describeCause(thrown));
      storeOutage.checks.failed(describeCause(thrown));
    }
  };

  alarm.onRing(() => void check());
  return {
    start() {
      started = true;
      notices.driven();
      void warnUnlessReady().then(() => alarm.wake(0));
    },
    async tick() {
      notices.driven();
      let claimed = 0;
      let polled = 0;
      const claimAndWait = async (): Promise<boolean> => {
        for (let any = false; ; any = true) {
          const runs = await claimRuns();
          const polling = await claimPolls();
          if (runs.length + polling.length === 0) return any;
          claimed += runs.length;
          polled += polling.length;
          await Promise.all([...runs, ...polling]);
        }
      };
      await claimAndWait();
      const pruned = await prune();
      let dueInMs = await nextDueInMs();
      while (dueInMs === 0 && (await claimAndWait())) dueInMs = await nextDueInMs();
      const report = { claimed, polled, pruned };
      if (dueInMs === undefined) return report;
      // A row that is due but could not be claimed can be claimed after a pause at the earliest.
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
