import { inTransaction, type Connection } from "./database.ts";
import { patiently } from "./patience.ts";
import { isBusy } from "./sqlite-error.ts";

/** One write that waits for its commit. */
interface Unit {
  run(connection: Connection): void;
  committed(): void;
  failed(reason: unknown): void;
}

/** The one door for writes. */
export interface GroupCommit {
  /** Runs `work` in a transaction and answers once that is on disk. */
  write<T>(work: (connection: Connection) => T): Promise<T>;
  /** Answers once nothing waits. */
  settled(): Promise<void>;
}

/**
 * Lets writes that arrive in the same turn of the event loop share one transaction, and so one
 * fsync. The transaction opens and ends within one synchronous turn; a write that comes alone is
 * committed as soon as the turn is over.
 */
export function createGroupCommit(open: () => Promise<Connection>): GroupCommit {
  let waiting: Unit[] = [];
  let flushing: Promise<void> | undefined;

  // Between batches the loop turns once, so that requests are read while writes follow on writes.
  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      await endOfTurn();
      const batch = waiting;
      waiting = [];
      await commit(open, batch);
    }
    flushing = undefined;
  };

  return {
    write<T>(work: (connection: Connection) => T): Promise<T> {
      return new Promise((resolve, reject) => {
        let answer: T;
        waiting.push({
          run: (connection) => void (answer = work(connection)),
          committed: () => resolve(answer),
          failed: reject,
        });
        flushing ??= flush();
      });
    },
    settled: async () => flushing,
  };
}

async function commit(open: () => Promise<Connection>, batch: readonly Unit[]): Promise<void> {
  try {
    await commitAll(await open(), batch);
  } catch (thrown) {
    for (const unit of batch) unit.failed(thrown);
  }
}

async function commitAll(connection: Connection, batch: readonly Unit[]): Promise<void> {
  try {
    await patiently(() =>
      inTransaction(connection, () => {
        for (const unit of batch) unit.run(connection);
      }),
    );
    for (const unit of batch) unit.committed();
  } catch (thrown) {
    // One bad row must not take the others with it; a lock would only hold each of them as long again.
    if (batch.length === 1 || isBusy(thrown)) throw thrown;
    for (const unit of batch) await commitAll(connection, [unit]).catch(unit.failed);
  }
}

/** Resolves when the requests that arrived together have been read, without a timer where possible. */
function endOfTurn(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?(callback: () => void): unknown };
  return new Promise((resolve) => {
    if (setImmediate === undefined) setTimeout(resolve, 0);
    else setImmediate(resolve);
  });
}
