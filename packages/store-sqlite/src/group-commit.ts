import { nextTurn, type Clock } from "@abstrakt-webhooks/core/store";
import { inTransaction, type Connection } from "./database.ts";
import { patiently } from "./patience.ts";
import { writeTogether, type Plain } from "./plain.ts";
import { isBusy } from "./sqlite-error.ts";

/** One write that waits for its commit. */
interface Unit {
  readonly plain: Plain<unknown> | undefined;
  run(connection: Connection, nowMs: number): void;
  /** In the place of `run`: `plain` has been written. */
  written(nowMs: number): void;
  committed(): void;
  failed(reason: unknown): void;
}

/** The one door for writes. */
export interface GroupCommit {
  /** Runs `work` in a transaction and answers once that is on disk. */
  write<T>(work: (connection: Connection, nowMs: number) => T, plain?: Plain<T>): Promise<T>;
  /** Answers once nothing waits. */
  settled(): Promise<void>;
}

/**
 * Lets writes that arrive in the same turn of the event loop share one transaction, and so one
 * fsync. The transaction opens and ends within one synchronous turn; a write that comes alone is
 * committed as soon as the turn is over.
 */
export function createGroupCommit(open: () => Promise<Connection>, clock: Clock): GroupCommit {
  let waiting: Unit[] = [];
  let flushing: Promise<void> | undefined;

  // Between batches the loop turns once, so that requests are read while writes follow on writes.
  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      await new Promise<void>((resolve) => nextTurn(resolve));
      const batch = waiting;
      waiting = [];
      await commit(open, clock, batch);
    }
    flushing = undefined;
  };

  return {
    write<T>(work: (connection: Connection, nowMs: number) => T, plain?: Plain<T>): Promise<T> {
      return new Promise((resolve, reject) => {
        let answer: T;
        waiting.push({
          plain,
          run: (connection, nowMs) => void (answer = work(connection, nowMs)),
          written: (nowMs) => void (plain && (answer = plain.answer(nowMs))),
          committed: () => resolve(answer),
          failed: reject,
        });
        flushing ??= flush();
      });
    },
    settled: async () => flushing,
  };
}

async function commit(
  open: () => Promise<Connection>,
  clock: Clock,
  batch: readonly Unit[],
): Promise<void> {
  try {
    await commitAll(await open(), clock, batch);
  } catch (thrown) {
    for (const unit of batch) unit.failed(thrown);
  }
}

async function commitAll(
  connection: Connection,
  clock: Clock,
  batch: readonly Unit[],
): Promise<void> {
  try {
    await patiently(() => inTransaction(connection, () => runAll(connection, batch, clock())));
    for (const unit of batch) unit.committed();
  } catch (thrown) {
    // One bad row must not take the others with it; a lock would only hold each of them as long again.
    if (batch.length === 1 || isBusy(thrown)) throw thrown;
    for (const unit of batch) await commitAll(connection, clock, [unit]).catch(unit.failed);
  }
}

/** In their order; plain ones that follow each other are written together. */
function runAll(connection: Connection, batch: readonly Unit[], nowMs: number): void {
  let plain: Unit[] = [];
  for (const unit of batch) {
    if (unit.plain !== undefined) {
      plain.push(unit);
      continue;
    }
    runPlain(connection, plain, nowMs);
    plain = [];
    unit.run(connection, nowMs);
  }
  runPlain(connection, plain, nowMs);
}

/** Going one by one is what they mean; together is the same for less. */
function runPlain(connection: Connection, units: readonly Unit[], nowMs: number): void {
  const plains = units.flatMap(({ plain }) => plain ?? []);
  const together = writeTogether(connection, plains, nowMs);
  for (const unit of units) {
    if (together) unit.written(nowMs);
    else unit.run(connection, nowMs);
  }
}
