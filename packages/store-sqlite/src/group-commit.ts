import { nextTurn, type Clock } from "@abstrakt-webhooks/core/store";
import { inTransaction, type Connection } from "./database.ts";
import { retryWhileBusy } from "./retry-while-busy.ts";
import { writeBulk, type BulkWrite } from "./bulk-write.ts";
import { isBusy } from "./sqlite-error.ts";

/** One write that waits for its commit. */
interface Unit {
  readonly bulk: BulkWrite<unknown> | undefined;
  run(connection: Connection, nowMs: number): void;
  /** Called instead of `run` when `bulk` has been written. */
  written(nowMs: number): void;
  committed(): void;
  failed(reason: unknown): void;
}

/** Queues writes and commits them in batches. */
export interface GroupCommit {
  /** Runs `work` in a transaction and resolves once the transaction is on disk. */
  write<T>(work: (connection: Connection, nowMs: number) => T, bulk?: BulkWrite<T>): Promise<T>;
  /** Resolves once no write waits. */
  settled(): Promise<void>;
}

/** What commits need from the database. */
export interface CommitOptions {
  open(): Promise<Connection>;
  /** Throws when the open file is no longer at its path. Called between commit and answer. */
  checkFile(): void;
  readonly clock: Clock;
}

/**
 * Lets writes that arrive in the same turn of the event loop share one transaction, and so one
 * fsync. The transaction opens and ends within one synchronous turn. A write that shares its turn
 * with no other is committed in the next turn.
 */
export function createGroupCommit(options: CommitOptions): GroupCommit {
  let waiting: Unit[] = [];
  let flushing: Promise<void> | undefined;

  // Each batch waits for the next turn, so that the event loop can read requests between batches.
  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      await new Promise<void>((resolve) => nextTurn(resolve));
      const batch = waiting;
      waiting = [];
      await commit(options, batch);
    }
    flushing = undefined;
  };

  return {
    write<T>(work: (connection: Connection, nowMs: number) => T, bulk?: BulkWrite<T>): Promise<T> {
      return new Promise((resolve, reject) => {
        let answer: T;
        waiting.push({
          bulk,
          run: (connection, nowMs) => void (answer = work(connection, nowMs)),
          written: (nowMs) => void (bulk && (answer = bulk.answer(nowMs))),
          committed: () => resolve(answer),
          failed: reject,
        });
        flushing ??= flush();
      });
    },
    settled: async () => flushing,
  };
}

async function commit(options: CommitOptions, batch: readonly Unit[]): Promise<void> {
  try {
    await commitAll(await options.open(), options, batch);
  } catch (thrown) {
    for (const unit of batch) unit.failed(thrown);
  }
}

async function commitAll(
  connection: Connection,
  options: CommitOptions,
  batch: readonly Unit[],
): Promise<void> {
  const { checkFile, clock } = options;
  try {
    await retryWhileBusy(() => inTransaction(connection, () => runAll(connection, batch, clock())));
  } catch (thrown) {
    // One bad row must not fail the others, so each write runs alone. After a lock, each of them
    // would wait again, so all fail together.
    if (batch.length === 1 || isBusy(thrown)) throw thrown;
    for (const unit of batch) await commitAll(connection, options, [unit]).catch(unit.failed);
    return;
  }
  checkFile();
  for (const unit of batch) unit.committed();
}

/** Runs the writes in their order. Bulk writes that follow each other run together. */
function runAll(connection: Connection, batch: readonly Unit[], nowMs: number): void {
  let bulk: Unit[] = [];
  for (const unit of batch) {
    if (unit.bulk !== undefined) {
      bulk.push(unit);
      continue;
    }
    runBulk(connection, bulk, nowMs);
    bulk = [];
    unit.run(connection, nowMs);
  }
  runBulk(connection, bulk, nowMs);
}

/** Runs bulk writes together if possible, else one by one. The rows are the same in both cases. */
function runBulk(connection: Connection, units: readonly Unit[], nowMs: number): void {
  const writes = units.flatMap(({ bulk }) => bulk ?? []);
  const together = writeBulk(connection, writes, nowMs);
  for (const unit of units) {
    if (together) unit.written(nowMs);
    else unit.run(connection, nowMs);
  }
}
