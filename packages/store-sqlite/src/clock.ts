/** Milliseconds since some fixed point. */
export type Clock = () => number;

/** Wall time, which every process on the host shares. */
export const wallClock: Clock = () => Date.now();

/** Monotonic time, for how long to wait. */
export const monotonicClock: Clock = () => performance.now();
