/** Bounds how many callbacks run at once, and knows when there are none. */
export interface Slots {
  /** Takes up to `wanted` slots; answers how many it got. */
  take(wanted: number): number;
  /** Takes slots whether they are there or not, for a lease that came when nobody waited any more. */
  overbook(count: number): void;
  free(count: number): void;
  taken(): number;
  /** Resolves when a slot is free. */
  available(): Promise<void>;
  /** Resolves when every slot is free. */
  empty(): Promise<void>;
}

export function createSlots(limit: number, onFree: () => void): Slots {
  let taken = 0;
  let waiting: { atMost: number; resolve(): void }[] = [];

  const until = async (atMost: number): Promise<void> => {
    if (taken > atMost) await new Promise<void>((resolve) => waiting.push({ atMost, resolve }));
  };

  return {
    take(wanted) {
      const got = Math.max(0, Math.min(wanted, limit - taken));
      taken += got;
      return got;
    },
    overbook(count) {
      taken += count;
    },
    free(count) {
      if (count === 0) return;
      taken -= count;
      onFree();
      if (waiting.length === 0) return;
      const met = waiting.filter(({ atMost }) => taken <= atMost);
      waiting = waiting.filter(({ atMost }) => taken > atMost);
      for (const { resolve } of met) resolve();
    },
    taken: () => taken,
    available: () => until(limit - 1),
    empty: () => until(0),
  };
}
