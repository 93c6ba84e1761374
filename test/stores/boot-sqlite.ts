import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteStore, type SqliteDatabase } from "@abstrakt-webhooks/store-sqlite";
import { createManualClock, type BootStore } from "@abstrakt-webhooks/testing";

/**
 * SQLite stores, each on its own file with its own clock, opened by path or by the given function.
 */
export function bootSqliteWith(open: (path: string) => string | SqliteDatabase): BootStore {
  return (options) => {
    const folder = mkdtempSync(join(tmpdir(), "sqlite-"));
    const clock = createManualClock();
    const databases: SqliteDatabase[] = [];
    const store = (namespace = "suite") => {
      const source = open(join(folder, "jobs.db"));
      if (typeof source !== "string") databases.push(source);
      return sqliteStore(source, { ...options, namespace, clock: clock.now });
    };
    const first = store();
    return {
      store: first,
      elapse: async (ms) => clock.advance(ms),
      another: async () => store(),
      otherNamespace: async () => store("other"),
      async close() {
        await first.close();
        for (const database of databases) database.close();
        rmSync(folder, { recursive: true });
      },
    };
  };
}

/** Uses the driver that the store itself finds. */
export const bootSqlite: BootStore = bootSqliteWith((path) => path);
