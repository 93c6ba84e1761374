import type { Connection } from "./database.ts";
import type { SqliteValue } from "./dialect/statements.ts";

/**
 * A write of a common case: the first result of a job, or `done` for its first lease. Many such
 * writes share one statement, because a call of the driver costs more than writing a row.
 */
export interface BulkWrite<T> {
  readonly jobId: string;
  /** Writes that have the same object here share statements. */
  readonly statements: Statements;
  /** The values that a statement binds before those of its rows. */
  shared(nowMs: number): readonly SqliteValue[];
  row(nowMs: number): readonly SqliteValue[];
  /** The answer to the caller once the row is written. */
  answer(nowMs: number): T;
}

/** One statement for each number of rows in `SIZES`. */
export type Statements = ReadonlyMap<number, string>;

/**
 * The numbers of rows that a statement may write, the largest first. Each statement is prepared.
 */
const SIZES = [16, 4, 1] as const;

/** Makes a statement for each size. `sql` gets the placeholders of that many rows. */
export const ofEachSize = (row: string, sql: (rows: string) => string): Statements =>
  new Map(SIZES.map((size) => [size, sql(Array(size).fill(row).join(", "))]));

/**
 * Writes all of `writes`, within a transaction. `false`: at least one of them is no common case,
 * and nothing is written. The caller then runs them one by one.
 */
export function writeBulk(
  connection: Connection,
  writes: readonly BulkWrite<unknown>[],
  nowMs: number,
): boolean {
  if (writes.length === 0) return true;
  // One row needs no savepoint: if it is not written, nothing has changed.
  if (writes.length === 1) return writeRows(connection, writes, nowMs);
  // Two writes to the same job depend on each other, so they cannot share a statement.
  if (new Set(writes.map(({ jobId }) => jobId)).size < writes.length) return false;
  connection.run("SAVEPOINT together");
  const written = kindsOf(writes).every((kind) => writeKind(connection, kind, nowMs));
  if (!written) connection.run("ROLLBACK TO together");
  connection.run("RELEASE together");
  return written;
}

function kindsOf(writes: readonly BulkWrite<unknown>[]): BulkWrite<unknown>[][] {
  const kinds = new Map<Statements, BulkWrite<unknown>[]>();
  for (const write of writes) {
    const kind = kinds.get(write.statements);
    if (kind === undefined) kinds.set(write.statements, [write]);
    else kind.push(write);
  }
  return [...kinds.values()];
}

function writeKind(
  connection: Connection,
  kind: readonly BulkWrite<unknown>[],
  nowMs: number,
): boolean {
  let at = 0;
  for (const size of SIZES) {
    for (; kind.length - at >= size; at += size) {
      if (!writeRows(connection, kind.slice(at, at + size), nowMs)) return false;
    }
  }
  return true;
}

/** Writes rows by one statement. `SIZES` must have this number of rows. */
function writeRows(
  connection: Connection,
  rows: readonly BulkWrite<unknown>[],
  nowMs: number,
): boolean {
  const [first] = rows;
  const sql = first?.statements.get(rows.length);
  if (first === undefined || sql === undefined) return false;
  const values = [...first.shared(nowMs)];
  for (const write of rows) values.push(...write.row(nowMs));
  return connection.run(sql, ...values) === rows.length;
}
