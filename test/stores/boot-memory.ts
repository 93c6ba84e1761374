import { memoryStore } from "@abstrakt-webhooks/core";
import { createManualClock, type BootStore } from "@abstrakt-webhooks/testing";

/** A memory store with its own clock. It is small, because the LRU allocates its memory at once. */
export const bootMemory: BootStore = (options) => {
  const clock = createManualClock();
  return {
    store: memoryStore({ maxDone: 100, ...options, clock: clock.now }),
    elapse: async (ms) => clock.advance(ms),
  };
};
