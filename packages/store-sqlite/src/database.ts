import type { SqliteValue } from "./dialect/statements.ts";

/**
 * An open database, by structure: `DatabaseSync` of node:sqlite and `Database` of better-sqlite3,
 * libsql and bun:sqlite fit as they are. All four are synchronous; asynchronous clients do not fit.
 */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): {
    all(...values: SqliteValue[]): unknown;
    run(...values: SqliteValue[]): unknown;
  };
  close(): unknown;
}

/** The calls that the store makes to a driver. */
export interface Connection {
  /** Runs statements that return no rows. */
  exec(sql: string): void;
  /** Runs one statement, prepared once, and reads all its rows. */
  all<T>(sql: string, ...values: SqliteValue[]): T[];
  /** Runs one statement without rows, prepared once. Returns how many rows it changed. */
  run(sql: string, ...values: SqliteValue[]): number;
  close(): void;
}

/** Names the accepted databases in error messages. */
export const OPEN_DATABASE =
  "an open database of node:sqlite, better-sqlite3, libsql or bun:sqlite";

/** True when `value` has the methods of an open database. */
export function isDatabase(value: unknown): value is SqliteDatabase {
  const has = (name: string) =>
    typeof (value as Record<string, unknown> | null | undefined)?.[name] === "function";
  return has("exec") && has("prepare") && has("close");
}

/** Whether a transaction is open. If the driver does not know, a BEGIN shows it. */
export function isInTransaction(database: SqliteDatabase): boolean {
  const driver = database as {
    inTransaction?: unknown;
    isTransaction?: unknown;
  };
  if (typeof driver.inTransaction === "boolean") return driver.inTransaction;
  if (typeof driver.isTransaction === "boolean") return driver.isTransaction;
  try {
    database.exec("BEGIN");
  } catch (thrown) {
    if (/(within|inside) a transaction/.test((thrown as Error).message)) return true;
    throw thrown;
  }
  database.exec("ROLLBACK");
  return false;
}

/**
 * Throws while a transaction is open on the user's own database. A read on the same connection would
 * see what the transaction may still roll back.
 */
export function requireNoTransaction(database: SqliteDatabase): void {
  // `retryWhileBusy` waits after this error, as after the driver's own error of a second BEGIN.
  if (isInTransaction(database)) throw new Error("cannot read within a transaction");
}

const connections = new WeakMap<SqliteDatabase, Connection>();

/** Returns the same connection for the same database, so that each statement is prepared once. */
export function toConnection(database: SqliteDatabase): Connection {
  const known = connections.get(database);
  if (known !== undefined) return known;
  const statements = new Map<string, ReturnType<SqliteDatabase["prepare"]>>();
  const prepared = (sql: string) => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = database.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  };
  const connection: Connection = {
    exec: (sql) => void database.exec(sql),
    all: <T>(sql: string, ...values: SqliteValue[]) => prepared(sql).all(...values) as T[],
    run(sql, ...values) {
      const { changes } = prepared(sql).run(...values) as { changes: number | bigint };
      return Number(changes);
    },
    close: () => void database.close(),
  };
  connections.set(database, connection);
  return connection;
}

/**
 * Runs `work` in a transaction that opens and ends within this turn.
 *
 * It takes the write lock at the start, so no other connection changes the rows that `work` reads.
 */
export function inTransaction(connection: Connection, work: () => void): void {
  connection.exec("BEGIN IMMEDIATE");
  try {
    work();
    connection.exec("COMMIT");
  } catch (thrown) {
    rollBack(connection);
    throw thrown;
  }
}

function rollBack(connection: Connection): void {
  try {
    connection.exec("ROLLBACK");
  } catch {
    // SQLite has already rolled back, for example because the disk is full.
  }
}
