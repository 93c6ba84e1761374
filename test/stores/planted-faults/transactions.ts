import type { JobStore, Settlement, Transactional } from "@abstrakt-webhooks/core";
import { createManualClock, type BootStore } from "@abstrakt-webhooks/testing";
import { intact, type Store } from "./intact.ts";

/** A transaction in memory: what it writes at its commit, and the leases that it has settled. */
interface Transaction {
  readonly writes: (() => Promise<boolean>)[];
  readonly settled: Set<string>;
  isOpen: boolean;
}

type SettleIn = Transactional<Transaction>["settleIn"];

/** Boots the memory store with transactions. `plant` replaces its `settleIn`. */
const bootWith =
  (plant: (store: Store, settleIn: SettleIn) => SettleIn): BootStore =>
  (options) => {
    const clock = createManualClock();
    const store = intact({ ...options, clock: clock.now });
    const settleIn = plant(store, settleInMemory(store));
    return {
      store: { ...store, settleIn } as JobStore,
      elapse: async (ms) => clock.advance(ms),
      async transaction(work) {
        const tx: Transaction = { writes: [], settled: new Set(), isOpen: true };
        try {
          await work(tx);
          for (const write of tx.writes) await write();
        } finally {
          tx.isOpen = false;
        }
      },
    };
  };

const done = (result: Parameters<SettleIn>[2]): Settlement => ({
  to: "done",
  ...(result && { result }),
});

const settleInMemory =
  (store: Store): SettleIn =>
  async (tx, lease, result) => {
    if (!tx.isOpen) throw new Error("Expected an open transaction.");
    const key = `${lease.fence} ${lease.jobId}`;
    if (tx.settled.has(key)) return true;
    const row = await store.get(lease.jobId);
    if (row?.state !== "leased" || row.fence !== lease.fence) return false;
    tx.settled.add(key);
    tx.writes.push(() => store.settle(lease, done(result)));
    return true;
  };

/** The store that the faults are planted in. */
export const bootIntact: BootStore = bootWith((_store, settleIn) => settleIn);

/** Each fault, and the test of the suite that must fail. */
export const transactionFaults: Readonly<Record<string, readonly [BootStore, string]>> = {
  settlesOutsideTheTransaction: [
    bootWith((store) => async (_tx, lease, result) => store.settle(lease, done(result))),
    "settleIn commits with its transaction, and rolls back with it",
  ],
  settlesWithoutTheFence: [
    bootWith((store, settleIn) => async (tx, lease, result) => {
      const { fence = lease.fence } = (await store.get(lease.jobId)) ?? {};
      return settleIn(tx, { ...lease, fence }, result);
    }),
    "settleIn under an old fence returns false and changes nothing",
  ],
  refusesTheSecondCall: [
    bootWith((_store, settleIn) => async (tx, lease, result) => {
      const isSecond = tx.settled.size > 0;
      return (await settleIn(tx, lease, result)) && !isSecond;
    }),
    "settleIn twice in one transaction settles once, and the next transaction gets false",
  ],
  saysYesInTheNextTransaction: [
    bootWith((store, settleIn) => async (tx, lease, result) => {
      const isDone = (await store.get(lease.jobId))?.state === "done";
      return (await settleIn(tx, lease, result)) || isDone;
    }),
    "settleIn twice in one transaction settles once, and the next transaction gets false",
  ],
  takesAnEndedTransaction: [
    bootWith((store, settleIn) => async (tx, lease, result) => {
      if (!tx.isOpen) return store.settle(lease, done(result));
      return settleIn(tx, lease, result);
    }),
    "settleIn after the end of its transaction is refused",
  ],
  forgetsTheConfirmedResult: [
    bootWith((_store, settleIn) => async (tx, lease) => settleIn(tx, lease)),
    "settleIn with a result replaces the result of the row",
  ],
};
