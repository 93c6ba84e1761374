import { AbstraktWebhookError } from "@abstrakt-webhooks/core";
import type { SqliteDatabase } from "./database.ts";
import { explain } from "./sqlite-error.ts";

type Construct = new (path: string) => SqliteDatabase;

/** A module, and the name of the constructor in it. */
export type Driver = readonly [module: string, name: string];

/** Best first: what the runtime brings, then what is installed. */
const DRIVERS: readonly Driver[] = [
  ["node:sqlite", "DatabaseSync"],
  ["better-sqlite3", "default"],
  ["libsql", "default"],
  ["bun:sqlite", "Database"],
];

/**
 * Opens a file with the first driver that works here.
 *
 * @throws AbstraktWebhookError `store_unavailable` when there is none, or the file cannot be opened.
 */
export async function openFile(
  path: string,
  drivers: readonly Driver[] = DRIVERS,
): Promise<SqliteDatabase> {
  const Database = await findDriver(drivers);
  try {
    return new Database(path);
  } catch (thrown) {
    throw explain(thrown, describeFile(path), "CANTOPEN");
  }
}

/** A file as error messages name it. */
export const describeFile = (path: string): string => `The SQLite file "${path}"`;

/** Drivers are optional, so they are imported on first use, by a name that bundlers leave alone. */
async function findDriver(drivers: readonly Driver[]): Promise<Construct> {
  for (const [name, key] of drivers) {
    try {
      const module: unknown = await import(/* @vite-ignore */ /* webpackIgnore: true */ name);
      const Database = (module as Record<string, Construct | undefined>)[key];
      if (Database === undefined) continue;
      // A native part that was not built, or does not run here, shows only now.
      new Database(":memory:").close();
      return Database;
    } catch {
      // Not installed, or not for this runtime: the next may be.
    }
  }
  throw new AbstraktWebhookError(
    "store_unavailable",
    "Expected an SQLite driver, got none that works here. Run Node 22.13 or later, or Bun, or install `libsql` or `better-sqlite3`.",
  );
}
