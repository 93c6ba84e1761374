import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteStore, type SqliteDatabase } from "@abstrakt-webhooks/store-sqlite";
import { createManualClock, type BootStore } from "@abstrakt-webhooks/testing";

/**
 * SQLite stores, each on its own file with its own clock, opened by path or by the given function.
 *
 * @param connect opens the user's own connection, for transactions.
 */
export function bootSqliteWith(
  open: (path: string) => string | SqliteDatabase,
  connect?: (path: string) => SqliteDatabase,
): BootStore {
  return (options) => {
    const folder = mkdtempSync(join(tmpdir(), "sqlite-"));
    const path = join(folder, "jobs.db");
    const clock = createManualClock();
    const databases: SqliteDatabase[] = [];
    const store = (namespace = "suite") => {
      const source = open(path);
      if (typeof source !== "string") databases.push(source);
      return sqliteStore(source, { ...options, namespace, clock: clock.now });
    };
    const first = store();
    let own: SqliteDatabase | undefined;
    const inTransaction = async (
      tx: SqliteDatabase,
      work: (tx: SqliteDatabase) => Promise<void>,
    ): Promise<void> => {
      tx.exec("BEGIN IMMEDIATE");
      try {
        await work(tx);
        tx.exec("COMMIT");
      } catch (thrown) {
        tx.exec("ROLLBACK");
        throw thrown;
      }
    };
    return {
      store: first,
      elapse: async (ms) => clock.advance(ms),
      another: async () => store(),
      otherNamespace: async () => store("other"),
      ...(connect && {
        transaction: (work: (tx: unknown) => Promise<void>) =>
          inTransaction((own ??= connect(path)), work),
      }),
      async close() {
        await first.close();
        own?.close();
        for (const database of databases) database.close();
        rmSync(folder, { recursive: true });
      },
    };
  };
}

/** Uses the driver that the store itself finds. */
export const bootSqlite: BootStore = bootSqliteWith((path) => path);
