import type { Clock } from "../clock.ts";
import type { JobStore } from "./job-store.ts";
import { memoryStore } from "./memory/memory-store.ts";

/** What to say where it is used. */
export const DEFAULT_STORE_ADVICE =
  "No `store` was given, so accepted results live in this process only and end with it. Pass a durable store, or write `store: memoryStore()` to say that this is meant.";

/** The store of a receiver that was given none. */
export const defaultStore = (clock?: Clock): JobStore => memoryStore(clock && { clock });
