import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { sqliteStore, type SqliteDatabase } from "@abstrakt-webhooks/store-sqlite";
import { notWell } from "../errors.ts";
import { loadDriver, type Driver } from "./load-driver.ts";
import type { OpenStore, StoreLocation } from "./inspected-store.ts";

type Construct = new (path: string) => SqliteDatabase & { close(): unknown };

const DRIVERS = ["node:sqlite", "libsql", "better-sqlite3"];

const constructorOf = ({ name, pick }: Driver): Construct =>
  pick(name === "node:sqlite" ? "DatabaseSync" : "default") as Construct;

/** Opens a file. A file that does not exist is an error, because opening it would create it. */
export async function openSqlite({ url, namespace, cwd }: StoreLocation): Promise<OpenStore> {
  const file = resolve(cwd, url.slice("sqlite:".length));
  if (!existsSync(file)) {
    throw notWell(`Expected an SQLite file at ${file}, got nothing there. Check the path.`);
  }
  const driver = await loadDriver("SQLite", DRIVERS, cwd, (found) => {
    new (constructorOf(found))(":memory:").close();
  });
  const database = new (constructorOf(driver))(file);
  return {
    store: sqliteStore(database, { namespace }),
    close: async () => void database.close(),
  };
}
