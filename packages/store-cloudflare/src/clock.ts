/** Milliseconds since some fixed point. */
export type Clock = () => number;

/** Wall time. On Workers it goes on with each reply from outside, not in between. */
export const wallClock: Clock = () => Date.now();
