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
  const broken = failures.filter((failure) => !isMissing(failure));
  const reasons = broken.map(({ name, thrown }) => ` (${name}: ${reasonOf(thrown)})`).join("");
  return new AbstraktWebhookError(
    "store_unavailable",
    `Expected an SQLite driver, got none${broken.length > 0 ? ` that works${reasons}` : ""}. ${adviceFor(broken)}`,
    broken.length > 0 ? { cause: broken[0]?.thrown } : undefined,
  );
}

/** What Node and bundlers say about a module that is not there. */
const MISSING: readonly unknown[] = [
  "ERR_MODULE_NOT_FOUND",
  "MODULE_NOT_FOUND",
  "ERR_UNKNOWN_BUILTIN_MODULE",
  "ERR_UNSUPPORTED_ESM_URL_SCHEME",
];

/** Not that a module which the driver itself needs is missing. */
const isMissing = ({ name, thrown }: Failure): boolean =>
  thrown instanceof Error &&
  MISSING.includes((thrown as { code?: unknown }).code) &&
  (/^(node|bun):/.test(name) || thrown.message.includes(`'${name}'`));

/** Says how to allow a driver that Node refuses, before it advises to install another. */
function adviceFor(broken: readonly Failure[]): string {
  const codes = broken.map(({ thrown }) => (thrown as { code?: unknown } | null)?.code);
  if (codes.includes("ERR_ACCESS_DENIED")) {
    return "Node's permission model forbids it. Start Node with `--allow-fs-read` for the driver's folder, and with `--allow-addons`.";
  }
  if (codes.includes("ERR_DLOPEN_DISABLED")) {
    return "Node may not load native add-ons. Start it without `--no-addons`, and under the permission model with `--allow-addons`.";
  }
  return "Run `npm install libsql` where this code runs, or use Node 22.13 or later, which has a driver.";
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
