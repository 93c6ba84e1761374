/** Wall time in milliseconds. */
export const wallClock = (): number => Date.now();
