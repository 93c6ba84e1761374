import type { JobStore, Lease } from "@abstrakt-webhooks/core";
import { machineMs, type Note } from "../history/history.ts";

/** Records the leases and settlements of a store, as its receiver gets them. */
export function recorded<Store extends JobStore>(store: Store, note: Note): Store {
  const granted = ({ jobId, fence, attempt }: Lease, leaseMs: number, sentAtMs: number): void =>
    note({ kind: "granted", jobId, fence, attempt, leaseMs, sentAtMs });
  return {
    ...store,
    async ingest(delivery, o) {
      const sentAtMs = machineMs();
      const ingested = await store.ingest(delivery, o);
      if (ingested.kind === "leased") granted(ingested.lease, o.leaseMs, sentAtMs);
      return ingested;
    },
    async claim(o) {
      const sentAtMs = machineMs();
      const leases = await store.claim(o);
      for (const lease of leases) granted(lease, o.leaseMs, sentAtMs);
      return leases;
    },
    async settle({ jobId, fence }, settlement) {
      const { to } = settlement;
      const sentAtMs = machineMs();
      note({ kind: "settling", jobId, fence, to });
      const ok = await store.settle({ jobId, fence }, settlement);
      const leaseMs = to === "extend" ? { leaseMs: settlement.leaseMs } : {};
      note({ kind: "settled", jobId, fence, to, ok, sentAtMs, ...leaseMs });
      return ok;
    },
  };
}
