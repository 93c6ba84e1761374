/** Bounds how many callbacks run at once, and knows when there are none. */
export interface Slots {
  /** Takes up to `wanted` slots; answers how many it got. */
  take(wanted: number): number;
  /** Takes slots whether they are there or not, for a lease that came when nobody waited any more. */
  overbook(count: number): void;
  free(count: number): void;
  /**
   * Callbacks that are over and wait to be recorded, so many more or less. They keep their slots,
   * and as many others may be taken, up to the limit once more.
   */
  settling(change: number): void;
  taken(): number;
  /** Whether one can be taken. */
  hasRoom(): boolean;
  /** Resolves when one can be taken. */
  available(): Promise<void>;
  /** Resolves when every slot is free. */
  empty(): Promise<void>;
}

export function createSlots(limit: number, onFree: () => void): Slots {
  let taken = 0;
  let settling = 0;
  let waiting: { isMet(): boolean; resolve(): void }[] = [];

  const room = (): number => limit - taken + Math.min(settling, limit);
  const hasRoom = (): boolean => room() > 0;
  const isEmpty = (): boolean => taken === 0;

  const until = async (isMet: () => boolean): Promise<void> => {
    if (!isMet()) await new Promise<void>((resolve) => waiting.push({ isMet, resolve }));
  };
  const freed = (): void => {
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
      freed();
    },
    settling(change) {
      settling += change;
      if (change > 0) freed();
    },
    hasRoom,
    taken: () => taken,
    available: () => until(hasRoom),
    empty: () => until(isEmpty),
  };
}
