import {
  type JobStore,
  memoryStore,
  type Settlement,
  type Transactional,
} from "../../src/index.ts";

/** A transaction of the fake store: its writes hold once it commits. */
export interface FakeTransaction {
  /** Adds a write; the commit does all of them. */
  write(work: () => unknown): void;
  /** Registers the function that runs when the transaction ends. */
  onEnd(unlock: () => void): void;
  commit(): Promise<void>;
  rollBack(): void;
}

function begin(): FakeTransaction {
  const works: (() => unknown)[] = [];
  let end = (): void => undefined;
  return {
    write: (work) => void works.push(work),
    onEnd: (unlock) => void (end = unlock),
    async commit() {
      for (const work of works) await work();
      end();
    },
    rollBack: () => end(),
  };
}

/**
 * A memory store that completes within transactions as a database does: `settleIn` locks the row,
 * and any other settlement of it waits for the end of the transaction.
 */
export function transactionalStore() {
  const inner = memoryStore();
  const locks = new Map<string, Promise<void>>();
  const store: JobStore & Transactional<FakeTransaction> = {
    ...inner,
    async settle(lease, settlement) {
      await locks.get(lease.jobId);
      return inner.settle(lease, settlement);
    },
    async settleIn(tx, lease, result) {
      const row = await inner.get(lease.jobId);
      if (row?.state !== "leased" || row.fence !== lease.fence) return false;
      const settlement: Settlement = { to: "done", ...(result && { result }) };
      tx.write(() => inner.settle(lease, settlement));
      const lock = new Promise<void>((resolve) => tx.onEnd(resolve));
      locks.set(lease.jobId, lock);
      return true;
    },
  };
  return { store, inner, begin };
}
