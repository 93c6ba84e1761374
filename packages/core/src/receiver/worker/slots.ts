import type { SlotHolder } from "../run/worker-state.ts";

/**
 * Counts the leases that this process asks for or holds, and the callbacks that run under them.
 *
 * At most `limit` callbacks run at once. Up to `limit` more leases may wait: for their callback to
 * start, or for its outcome to be recorded.
 */
export interface Slots {
  /** Reserves room for up to `wanted` leases. Returns how many. A call of `answer` must follow. */
  ask(wanted: number): number;
  /** The store has answered a request for `asked` leases with `granted`. */
  answer(asked: number, granted: number): void;
  /** A granted lease is settled, or given up. */
  settled(): void;
  /** Counts the callback of one more run, until `end`. False if `limit` callbacks already run. */
  begin(run: SlotHolder): boolean;
  /** The callback of a run has ended. Does nothing if the run holds no slot. */
  end(run: SlotHolder): void;
  /** Leases that are asked for or held. */
  inUse(): number;
  /** Whether a lease can be asked for. */
  hasRoom(): boolean;
  /** Resolves when a lease can be asked for. */
  available(): Promise<void>;
  /** Resolves at the next change. */
  changed(): Promise<void>;
  /** Resolves when no lease is asked for or held. */
  empty(): Promise<void>;
}

/** Makes slots that are all free. `onChange` runs when there may be room for another lease. */
export function createSlots(limit: number, onChange: () => void): Slots {
  let asked = 0;
  let held = 0;
  let running = 0;
  let waiting: { isMet(): boolean; resolve(): void }[] = [];

  const inUse = (): number => asked + held;
  const room = (): number => Math.min(limit - asked - running, 2 * limit - inUse());
  const hasRoom = (): boolean => room() > 0;
  const isEmpty = (): boolean => inUse() === 0;

  const next = (isMet: () => boolean): Promise<void> =>
    new Promise((resolve) => void waiting.push({ isMet, resolve }));
  const until = async (isMet: () => boolean): Promise<void> => {
    if (!isMet()) await next(isMet);
  };
  const change = (): void => {
    onChange();
    if (waiting.length === 0) return;
    const met = waiting.filter(({ isMet }) => isMet());
    waiting = waiting.filter((one) => !met.includes(one));
    for (const { resolve } of met) resolve();
  };

  return {
    ask(wanted) {
      const got = Math.max(0, Math.min(wanted, room()));
      asked += got;
      return got;
    },
    answer(requested, granted) {
      asked -= requested;
      held += granted;
      if (requested > 0) change();
    },
    settled() {
      held -= 1;
      change();
    },
    begin(run) {
      if (running >= limit) return false;
      running += 1;
      run.holdsSlot = true;
      return true;
    },
    end(run) {
      if (!run.holdsSlot) return;
      run.holdsSlot = false;
      running -= 1;
      change();
    },
    inUse,
    hasRoom,
    available: () => until(hasRoom),
    changed: () => next(() => true),
    empty: () => until(isEmpty),
  };
}
