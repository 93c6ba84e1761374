import { AbstraktWebhookError } from "@abstrakt-webhooks/core";
import { importDriver } from "../import-driver.js";
import type { SqliteDatabase } from "./database.ts";
import { explain } from "./sqlite-error.ts";

type Construct = new (path: string) => SqliteDatabase;

/** A module, and the name of the constructor in it. */
export type Driver = readonly [module: string, name: string];

/** In order of preference. */
const DRIVERS: readonly Driver[] = [
  ["node:sqlite", "DatabaseSync"],
  ["better-sqlite3", "default"],
  ["libsql", "default"],
  ["bun:sqlite", "Database"],
];

/**
 * Opens a file with the first driver that works here.
 *
 * @throws AbstraktWebhookError `store_unavailable` when there is none, or the file cannot be
 * opened.
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

/** Names a file in error messages. */
export const describeFile = (path: string): string => `The SQLite file "${path}"`;

/** Imports the drivers in turn until one works. They are optional, so none is imported earlier. */
async function findDriver(drivers: readonly Driver[]): Promise<Construct> {
  const failures: Failure[] = [];
  for (const [name, key] of drivers) {
    try {
      const module = (await importDriver(name)) as Record<string, Construct | undefined>;
      const Database = module[key];
      if (Database === undefined) throw new TypeError(`It exports no \`${key}\`.`);
      // Opening a database proves that the driver's native part was built and runs here.
      new Database(":memory:").close();
      return Database;
    } catch (thrown) {
      failures.push({ name, thrown });
    }
  }
  throw noDriver(failures);
}

interface Failure {
  readonly name: string;
  readonly thrown: unknown;
}

const MAX_REASON = 120;

function noDriver(failures: readonly Failure[]): AbstraktWebhookError {
  const reasons = failures.map(({ name, thrown }) => `${name}: ${reasonOf(thrown)}`).join(" | ");
  return new AbstraktWebhookError(
    "store_unavailable",
    `Expected an SQLite driver, got none that works here. ${adviceFor(failures)} Each driver's error: ${reasons}`,
    {
      cause: new AggregateError(
        failures.map(({ thrown }) => thrown),
        reasons,
      ),
    },
  );
}

/**
 * Makes the advice. If Node refuses an installed driver, it says how to allow that driver.
 * Otherwise it says how to install one.
 */
function adviceFor(failures: readonly Failure[]): string {
  const codes = failures.map(({ thrown }) => (thrown as { code?: unknown } | null)?.code);
  if (codes.includes("ERR_ACCESS_DENIED")) {
    return "Node's permission model forbids a driver. Start Node with `--allow-fs-read` for its folder, and with `--allow-addons`.";
  }
  if (codes.includes("ERR_DLOPEN_DISABLED")) {
    return "Node may not load native add-ons. Start it without `--no-addons`, and under the permission model with `--allow-addons`. Or run Node 22.13 or later, or Bun, which bring a driver.";
  }
  return 'Run: npm install libsql, where the built files can import it (`better-sqlite3` serves too). Or run Node 22.13 or later, or Bun, which bring a driver. With Next\'s `output: "standalone"`, import the driver in a module of yours as well, so that Next copies it.';
}

/** The first line of an error, without the path of the importing file. */
function reasonOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text
    .split("\n", 1)
    .join("")
    .slice(0, 10 * MAX_REASON)
    .replace(/ imported from .*/, "")
    .slice(0, MAX_REASON);
}
