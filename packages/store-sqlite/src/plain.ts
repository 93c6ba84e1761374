import type { Connection } from "./database.ts";
import type { SqliteValue } from "./dialect/statements.ts";

/**
 * A write as nearly all are: the first result of a job, or the end of a first lease. Many of a kind
 * share a statement, since a call through a driver costs more than the row that it writes.
 */
export interface Plain<T> {
  readonly jobId: string;
  /** The same object for every write of a kind. */
  readonly statements: Statements;
  /** What a statement binds before its rows. */
  shared(nowMs: number): readonly SqliteValue[];
  row(nowMs: number): readonly SqliteValue[];
  /** What to answer when the row was written. */
  answer(nowMs: number): T;
}

/** One statement for each number of rows in `SIZES`. */
export type Statements = ReadonlyMap<number, string>;

/** Few, so that each is soon prepared; the largest first. */
const SIZES = [16, 4, 1] as const;

/** The statements that `sql` makes of the placeholders of a row, repeated. */
export const ofEachSize = (row: string, sql: (rows: string) => string): Statements =>
  new Map(SIZES.map((size) => [size, sql(Array(size).fill(row).join(", "))]));

/**
 * Writes all of `plains`, within a transaction; `false` when not every one was plain after all.
 * That has undone what it wrote, and written only where going one by one writes too.
 */
export function writeTogether(
  connection: Connection,
  plains: readonly Plain<unknown>[],
  nowMs: number,
): boolean {
  if (plains.length === 0) return true;
  // One that misses has changed nothing.
  if (plains.length === 1) return writeRows(connection, plains, nowMs);
  // Writes on the same job follow each other.
  if (new Set(plains.map(({ jobId }) => jobId)).size < plains.length) return false;
  connection.run("SAVEPOINT together");
  const written = kindsOf(plains).every((kind) => writeKind(connection, kind, nowMs));
  if (!written) connection.run("ROLLBACK TO together");
  connection.run("RELEASE together");
  return written;
}

function kindsOf(plains: readonly Plain<unknown>[]): Plain<unknown>[][] {
  const kinds = new Map<Statements, Plain<unknown>[]>();
  for (const plain of plains) {
    const kind = kinds.get(plain.statements);
    if (kind === undefined) kinds.set(plain.statements, [plain]);
    else kind.push(plain);
  }
  return [...kinds.values()];
}

function writeKind(
  connection: Connection,
  kind: readonly Plain<unknown>[],
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

/** As many as one statement takes. */
function writeRows(
  connection: Connection,
  rows: readonly Plain<unknown>[],
  nowMs: number,
): boolean {
  const [first] = rows;
  const sql = first?.statements.get(rows.length);
  if (first === undefined || sql === undefined) return false;
  const values = [...first.shared(nowMs)];
  for (const plain of rows) values.push(...plain.row(nowMs));
  return connection.run(sql, ...values) === rows.length;
}
