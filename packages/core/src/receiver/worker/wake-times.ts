/** Times at which something is due, the earliest first. */
export interface WakeTimes {
  add(atMs: number): void;
  /** Removes the times before `nowMs`. */
  forgetUntil(nowMs: number): void;
  /** The earliest one; `Infinity` when there is none. */
  first(): number;
}

/** Times are rounded up to this step, because there may be one for each delivery. */
const STEP_MS = 20;

export function createWakeTimes(): WakeTimes {
  const times: number[] = [];

  /** The index of the first time that is not before `atMs`. */
  const placeOf = (atMs: number): number => {
    let from = 0;
    for (let to = times.length; from < to;) {
      const middle = (from + to) >> 1;
      if ((times[middle] as number) < atMs) from = middle + 1;
      else to = middle;
    }
    return from;
  };

  return {
    add(atMs) {
      const roundedMs = Math.ceil(atMs / STEP_MS) * STEP_MS;
      const place = placeOf(roundedMs);
      if (times[place] !== roundedMs) times.splice(place, 0, roundedMs);
    },
    forgetUntil(nowMs) {
      times.splice(0, placeOf(nowMs));
    },
    first: () => times[0] ?? Infinity,
  };
}
