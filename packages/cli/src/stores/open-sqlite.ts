import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { TABLE } from "@abstrakt-webhooks/store-sqlite/dialect";
import { sqliteStore, type SqliteDatabase } from "@abstrakt-webhooks/store-sqlite";
import { notWell } from "../errors.ts";
import { loadDriver, type Driver } from "./load-driver.ts";
import type { OpenStore, StoreLocation } from "./inspected-store.ts";

type Construct = new (path: string) => SqliteDatabase & { close(): unknown };

const DRIVERS = ["node:sqlite", "libsql", "better-sqlite3"];

const constructorOf = ({ name, pick }: Driver): Construct =>
  pick(name === "node:sqlite" ? "DatabaseSync" : "default") as Construct;

/**
 * Opens a file. A file that does not exist or has no table of jobs is an error, because the store
 * would create them.
 */
export async function openSqlite({ url, namespace, cwd }: StoreLocation): Promise<OpenStore> {
  const file = resolve(cwd, url.slice("sqlite:".length));
  if (!existsSync(file)) {
    throw notWell(`Expected an SQLite file at ${file}, got nothing there. Check the path.`);
  }
  const driver = await loadDriver("SQLite", DRIVERS, cwd, (found) => {
    new (constructorOf(found))(":memory:").close();
  });
  const database = new (constructorOf(driver))(file);
  try {
    requireJobs(database, file, namespace);
  } catch (thrown) {
    database.close();
    throw thrown;
  }
  return {
    store: sqliteStore(database, { namespace }),
    close: async () => void database.close(),
  };
}

/** Refuses a file that has no table of jobs, or jobs of other namespaces only. It writes nothing. */
function requireJobs(database: SqliteDatabase, file: string, namespace: string): void {
  const read = <T>(sql: string, ...values: string[]): T[] =>
    database.prepare(sql).all(...values) as T[];
  const table = `table "${TABLE}"`;
  if (read("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", TABLE).length === 0) {
    throw notWell(
      `Expected the ${table} of namespace "${namespace}" in ${file}, got a file without it. Check the path.`,
    );
  }
  if (read(`SELECT 1 FROM ${TABLE} WHERE namespace = ? LIMIT 1`, namespace).length > 0) return;
  const others = read<{ namespace: string }>(`SELECT DISTINCT namespace FROM ${TABLE}`);
  if (others.length === 0) return;
  const names = others.map((row) => `"${row.namespace}"`).join(", ");
  throw notWell(
    `Expected jobs of namespace "${namespace}" in the ${table} of ${file}, got those of ${names}. Pass \`--namespace\`.`,
  );
}
