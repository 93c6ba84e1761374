/** Bounds how many callbacks run at once, and knows when there are none. A lease takes a slot. */
export interface Slots {
  /** Takes up to `wanted` slots; answers how many it got. */
  take(wanted: number): number;
  /** Takes slots whether they are there or not, for a lease that came when nobody waited any more. */
  overbook(count: number): void;
  free(count: number): void;
  /**
   * Leases whose callback waits for its turn, or is over and waits to be recorded, so many more or
   * less. They keep their slots, and as many others may be taken, up to the limit once more.
   */
  resting(change: number): void;
  /** False where as many callbacks run as may. Else one more does, until it is `over`. */
  begin(): boolean;
  over(count: number): void;
  taken(): number;
  /** Whether one can be taken. */
  hasRoom(): boolean;
  /** Resolves when one can be taken. */
  available(): Promise<void>;
  /** Resolves when the next one becomes free. */
  freed(): Promise<void>;
  /** Resolves when every slot is free. */
  empty(): Promise<void>;
}

export function createSlots(limit: number, onFree: () => void): Slots {
  let taken = 0;
  let resting = 0;
  let running = 0;
  let waiting: { isMet(): boolean; resolve(): void }[] = [];

  const room = (): number => limit - taken + Math.min(resting, limit);
  const hasRoom = (): boolean => room() > 0;
  const isEmpty = (): boolean => taken === 0;

  const next = (isMet: () => boolean): Promise<void> =>
    new Promise((resolve) => void waiting.push({ isMet, resolve }));
  const until = async (isMet: () => boolean): Promise<void> => {
    if (!isMet()) await next(isMet);
  };
  const tell = (): void => {
    onFree();
    if (waiting.length === 0) return;
    const met = waiting.filter(({ isMet }) => isMet());
    waiting = waiting.filter((one) => !met.includes(one));
    for (const { resolve } of met) resolve();
  };

  return {
    take(wanted) {
      const got = Math.max(0, Math.min(wanted, room()));
      taken += got;
      return got;
    },
    overbook(count) {
      taken += count;
    },
    free(count) {
      if (count === 0) return;
      taken -= count;
      tell();
    },
    resting(change) {
      resting += change;
      if (change > 0) tell();
    },
    begin() {
      if (running >= limit) return false;
      running += 1;
      return true;
    },
    over(count) {
      running -= count;
    },
    hasRoom,
    taken: () => taken,
    available: () => until(hasRoom),
    freed: () => next(() => true),
    empty: () => until(isEmpty),
  };
}
