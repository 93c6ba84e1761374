import type { Clock } from "../clock.ts";
import type { JobStore } from "./job-store.ts";
import { memoryStore } from "./memory/memory-store.ts";

/** The store of a receiver that was given none. */
export const defaultStore = (clock?: Clock): JobStore => memoryStore(clock && { clock });
