import type { Clock } from "../clock.ts";
import type { JobStore } from "./job-store.ts";
import type { StoreCall } from "./store-call.ts";

/** For so long a store that was ready counts as ready. */
const FRESH_MS = 5_000;

/** Whether the store would take a write now. */
export interface Readiness {
  /** Asks the store. @throws AbstraktWebhookError `store_unavailable`, with what to do. */
  ask(): Promise<void>;
  /** The same, unless the store said so in the last 5 s. */
  confirm(): Promise<void>;
}

export function createReadiness(store: JobStore, callStore: StoreCall, now: Clock): Readiness {
  let wasReadyAtMs = -Infinity;
  let asking: Promise<void> | undefined;

  const askStore = async (): Promise<void> => {
    const askedAtMs = now();
    // A store without `ready` shows at least that it answers.
    await callStore<unknown>(() => store.ready?.() ?? store.nextDueInMs());
    wasReadyAtMs = askedAtMs;
  };
  // One question for all who ask at once.
  const ask = (): Promise<void> => (asking ??= askStore().finally(() => (asking = undefined)));
  return {
    ask,
    confirm: async () => (now() - wasReadyAtMs < FRESH_MS ? undefined : ask()),
  };
}
