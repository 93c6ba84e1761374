/** Bounds how many callbacks run at once, and knows when there are none. */
export interface Slots {
  /** Takes up to `wanted` slots; answers how many it got. */
  take(wanted: number): number;
  /** Takes slots whether they are there or not, for a lease that came when nobody waited any more. */
  overbook(count: number): void;
  free(count: number): void;
  taken(): number;
  /** Resolves when every slot is free. */
  empty(): Promise<void>;
}

export function createSlots(limit: number, onFree: () => void): Slots {
  let taken = 0;
  let waiting: (() => void)[] = [];
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
      if (taken > 0) return;
      const resolved = waiting;
      waiting = [];
      for (const resolve of resolved) resolve();
    },
    taken: () => taken,
    empty: () =>
      taken === 0 ? Promise.resolve() : new Promise((resolve) => void waiting.push(resolve)),
  };
}
