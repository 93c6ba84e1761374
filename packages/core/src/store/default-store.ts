import type { Clock } from "../clock.ts";
import type { JobStore } from "./job-store.ts";
import { memoryStore } from "./memory/memory-store.ts";

/** The warning when a receiver uses the default store. */
export const DEFAULT_STORE_ADVICE =
  "No `store` was given, so accepted results are lost when this process ends. Pass a durable store, or write `store: memoryStore()` if this is intended.";

/** The store of a receiver without the option `store`. */
export const defaultStore = (clock?: Clock): JobStore => memoryStore(clock && { clock });
