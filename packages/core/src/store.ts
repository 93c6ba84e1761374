/**
 * What a store of your own needs in addition to the package's main entry.
 *
 * @module
 */

// Options
export { readStoreOptions, type StoreOptions, type WithDefaults } from "./store/store-options.ts";
export {
  describe,
  requireAwaited,
  requireFunction,
  requireInteger,
  requireKnown,
} from "./checks.ts";
export { checkedFor, invalidOptions } from "./errors.ts";

// Time
export { monotonicClock, timer, wallClock, type Clock } from "./clock.ts";
export { endOfTurn, nextTurn } from "./next-turn.ts";

// Host
export { webCrypto } from "./auth/web-crypto.ts";
export { hostModule } from "./host-globals.ts";

// Batches
export { createBatcher, SILENT_MS, type BatcherOptions } from "./store/batcher.ts";

// Lists and counts
export {
  emptyCounts,
  orderOf,
  pageOf,
  positionOf,
  type ListedRow,
  type ListPosition,
} from "./store/lists.ts";

// Errors of rows
export { isLeaseLost, toLeaseLost } from "./store/lease-lost.ts";

// Texts
export { inPlainWords, storableText } from "./store/plain-words.ts";
export { withRef } from "./auth/binding.ts";
export { redactText } from "./redact.ts";
