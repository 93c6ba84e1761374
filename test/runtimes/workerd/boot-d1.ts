import { d1Store, type D1Database } from "@abstrakt-webhooks/store-cloudflare";
import { createManualClock, type BootStore } from "@abstrakt-webhooks/testing";

/** Boots stores on one database, each backend with its own namespace and clock. */
export function bootD1(database: D1Database): BootStore {
  return (options) => {
    const clock = createManualClock();
    const name = crypto.randomUUID();
    const store = (namespace: string) =>
      d1Store(database, { ...options, namespace, clock: clock.now });
    return {
      store: store(name),
      elapse: async (ms) => clock.advance(ms),
      another: async () => store(name),
      otherNamespace: async () => store(`${name}-other`),
    };
  };
}
