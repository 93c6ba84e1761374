import type { JobStore } from "@abstrakt-webhooks/core";
import type { Failpoint, ServerConfig } from "./server-config.ts";

/** Reports that a point is reached. It does not return when the process is to be killed there. */
export type Reach = (point: Failpoint) => void;

export function createReach(failpoint: ServerConfig["failpoint"]): Reach {
  let reached = 0;
  return (point) => {
    if (point !== failpoint?.at) return;
    reached += 1;
    if (reached === failpoint.nth) process.kill(process.pid, "SIGKILL");
  };
}

/** Adds the points before and after a store's writes. */
export function withFailpoints<Store extends JobStore>(store: Store, reach: Reach): Store {
  return {
    ...store,
    async ingest(delivery, o) {
      reach("before write");
      const ingested = await store.ingest(delivery, o);
      reach("after write");
      return ingested;
    },
    async settle(lease, settlement) {
      reach("before settle");
      const settled = await store.settle(lease, settlement);
      reach("after settle");
      return settled;
    },
  };
}
