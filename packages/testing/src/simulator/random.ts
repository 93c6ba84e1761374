import { webCrypto } from "@abstrakt-webhooks/core/adapter";

/** Returns random numbers in [0, 1). */
export type Random = () => number;

/** Mulberry32: 32 bits of state. The same seed gives the same numbers on every platform. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A new seed. */
export const freshSeed = (): number => webCrypto().getRandomValues(new Uint32Array(1))[0] ?? 0;
