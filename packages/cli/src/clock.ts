/** Wall time in milliseconds since the epoch. */
export const wallClock = (): number => Date.now();

/** Milliseconds since some fixed point, to measure how long something took. */
export const monotonicClock = (): number => performance.now();
