import { AbstraktWebhookError } from "@abstrakt-webhooks/core";

/** What to do about a server that takes no writes. */
export const READ_ONLY =
  "PostgreSQL takes no writes here: the server is a standby, or `default_transaction_read_only` is on. Connect to the primary.";

/** What went wrong and what to do, by SQLSTATE. */
const BY_STATE: Record<string, string> = {
  "25006": READ_ONLY,
  "28000": "PostgreSQL refused the user. Check the user in the connection string and pg_hba.conf.",
  "28P01": "PostgreSQL refused the password. Check the connection string.",
  "3D000": "The database does not exist. Create it, or correct its name in the connection string.",
  "42501":
    "The database user lacks a privilege. Grant it SELECT, INSERT, UPDATE and DELETE on the store's table, EXECUTE on its functions; for `migrate()` also CREATE on the schema.",
  "53100": "PostgreSQL's disk is full. Free space; until then the store accepts nothing.",
  "53300":
    "PostgreSQL has no connection left. Lower the pool's `max`, raise `max_connections`, or use a pooler.",
  "57014":
    "PostgreSQL cancelled the statement, most likely by `statement_timeout`. Look for a long transaction that locks the job's row.",
  "57P01": "PostgreSQL is shutting down. Do nothing if it restarts.",
  "57P03": "PostgreSQL is starting up or shutting down. Do nothing if that ends soon.",
};

const NO_FUNCTION = "42883";
/** States of a table or function that is missing, or that an older version made. */
const NOT_MIGRATED = new Set(["42P01", "42703", "3F000", NO_FUNCTION]);

/** Classes and states after which the other rows of the statement may succeed alone. */
const ONE_ROWS_FAULT = /^(?:22...|40...|54...|55...|57014)$/;

/**
 * Makes an error that says what to do. It quotes no text of the server or the driver, because that
 * may contain a payload or the connection string. The driver's error is the cause.
 */
export function toStoreError(thrown: unknown, table: string): AbstraktWebhookError {
  const state = sqlState(thrown);
  return new AbstraktWebhookError("store_unavailable", explain(state, table), { cause: thrown });
}

/** True when the server refused a statement because of some of its rows. */
export const isOneRowsFault = (error: unknown): boolean =>
  ONE_ROWS_FAULT.test(sqlState((error as Error).cause) ?? "");

/** The states of characters that the database's encoding lacks. */
const CONTENT_FAULTS: readonly unknown[] = ["22021", "22P05"];

/** True when the server refused characters of a statement. */
export const isContentFault = (error: unknown): boolean =>
  CONTENT_FAULTS.includes(sqlState((error as Error).cause));

/**
 * The states of a table, schema, function or row that is there already, and of a transaction that
 * cannot see it.
 */
const ALREADY_THERE: readonly unknown[] = ["42P07", "42P06", "42723", "23505", "40001"];

/** True when the server refused to create something that another instance has just created. */
export const isAlreadyThere = (error: unknown): boolean =>
  ALREADY_THERE.includes(sqlState((error as Error).cause));

function explain(state: string | undefined, table: string): string {
  if (state === undefined) {
    return "PostgreSQL did not answer. Check that it runs and is reachable, and host and port in the connection string.";
  }
  if (NOT_MIGRATED.has(state)) {
    return notMigrated(state === NO_FUNCTION ? "A function of the table" : "The table", table);
  }
  return (
    BY_STATE[state] ?? `PostgreSQL refused a statement (SQLSTATE ${state}). The cause says why.`
  );
}

/** What to do about a table or a function that is missing. */
export const notMigrated = (what: string, table: string): string =>
  `${what} ${table} is missing or older than this version. Call \`await store.migrate()\` before the first delivery, or run what \`store.migrationSql()\` prints; if you did, check that both use the same database, schema and namespace.`;

type Coded = { readonly code?: unknown; readonly cause?: unknown } | null | undefined;

/** Reads the SQLSTATE of an error or of its cause, because an ORM may wrap the driver's error. */
function sqlState(thrown: unknown): string | undefined {
  const error = thrown as Coded;
  return [error?.code, (error?.cause as Coded)?.code].find(isSqlState);
}

/** True for an SQLSTATE. `code` may also have a code of Node, such as ECONNREFUSED or EPIPE. */
const isSqlState = (code: unknown): code is string =>
  typeof code === "string" && /^[0-9][0-9A-Z]{4}$|^[A-Z][A-Z0-9]000$/.test(code);
