import { AbstraktWebhookError } from "@abstrakt-webhooks/core";
import { importDriver } from "../import-driver.js";
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

/** Drivers are optional, so each is imported on first use. */
async function findDriver(drivers: readonly Driver[]): Promise<Construct> {
  const failures: Failure[] = [];
  for (const [name, key] of drivers) {
    try {
      const module = (await importDriver(name)) as Record<string, Construct | undefined>;
      const Database = module[key];
      if (Database === undefined) throw new TypeError(`It exports no \`${key}\`.`);
      // A native part that was not built, or does not run here, shows only now.
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
    `Expected an SQLite driver, got none that works here. ${adviceFor(failures)} What each driver said: ${reasons}`,
    // An event's text is short, and has room for the cause's own words.
    {
      cause: new AggregateError(
        failures.map(({ thrown }) => thrown),
        reasons,
      ),
    },
  );
}

/** A driver that is installed and was refused is worth more than one that is still to be installed. */
function adviceFor(failures: readonly Failure[]): string {
  const codes = failures.map(({ thrown }) => (thrown as { code?: unknown } | null)?.code);
  if (codes.includes("ERR_ACCESS_DENIED")) {
    return "Node's permission model forbids one: start Node with `--allow-fs-read` for its folder, and with `--allow-addons`.";
  }
  if (codes.includes("ERR_DLOPEN_DISABLED")) {
    return "Node may not load native add-ons: start it without `--no-addons`, and under the permission model with `--allow-addons`. Or run Node 22.13 or later, or Bun, which bring a driver.";
  }
  return 'Run Node 22.13 or later, or Bun, or install `libsql` or `better-sqlite3` where the built files can import it. For Next\'s `output: "standalone"`, import the driver in a module of yours as well, so that Next copies it.';
}

/** The first line of an error, without the place that the import was in. */
function reasonOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text
    .split("\n", 1)
    .join("")
    .slice(0, 10 * MAX_REASON)
    .replace(/ imported from .*/, "")
    .slice(0, MAX_REASON);
}
