import type { Clock } from "../clock.ts";
import type { JobStore } from "./job-store.ts";
import type { StoreCall } from "./store-call.ts";

/** How long a store counts as ready after it was ready. */
const FRESH_MS = 5_000;

/** Whether the store would accept a write now. */
export interface Readiness {
  /** Asks the store. @throws AbstraktWebhookError `store_unavailable`, with what to do. */
  ask(): Promise<void>;
  /** Asks the store, unless it was ready in the last 5 s. */
  confirm(): Promise<void>;
}

export function createReadiness(store: JobStore, callStore: StoreCall, now: Clock): Readiness {
  let wasReadyAtMs = -Infinity;
  let asking: Promise<void> | undefined;

  const askStore = async (): Promise<void> => {
    const askedAtMs = now();
    // Without `ready`, a reply shows at least that the store answers.
    await callStore<unknown>(() => store.ready?.() ?? store.nextDueInMs());
    wasReadyAtMs = askedAtMs;
  };
  // Concurrent callers share one call of the store.
  const ask = (): Promise<void> => (asking ??= askStore().finally(() => (asking = undefined)));
  return {
    ask,
    confirm: async () => (now() - wasReadyAtMs < FRESH_MS ? undefined : ask()),
  };
}
