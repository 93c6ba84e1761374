import {
  describe,
  invalidOptions,
  readStoreOptions,
  requireFunction,
  wallClock,
  type Clock,
  type StoreOptions,
  type WithDefaults,
} from "@abstrakt-webhooks/core/store";
import { isDatabase, OPEN_DATABASE, type SqliteDatabase } from "./database.ts";

/** Options of an SQLite store. Durations are in milliseconds. */
export interface SqliteStoreOptions extends StoreOptions {
  /** Wall time in milliseconds; for tests. All processes that share a file need the same clock. */
  readonly clock?: Clock | undefined;
}

/** @throws AbstraktWebhookError `invalid_options`. */
export function readOptions(
  database: string | SqliteDatabase,
  options: SqliteStoreOptions,
): WithDefaults<SqliteStoreOptions> {
  const common = readStoreOptions(options, ["clock"]);
  const { clock = wallClock } = options;
  if (database === "" || !(typeof database === "string" || isDatabase(database))) {
    const got = database === "" ? "an empty path" : describe(database);
    throw invalidOptions(
      `Expected a path or ${OPEN_DATABASE}, got ${got}. Pass it as the first argument.`,
    );
  }
  if (typeof database === "string") requirePath(database);
  requireFunction("clock", clock);
  return { ...common, clock };
}

/** Refuses a URL, for which a driver would make a file of that name. It may hold a password. */
function requirePath(path: string): void {
  if (/^sqlite:/i.test(path)) {
    throw invalidOptions(
      "Expected a path such as jobs.db, got one that begins with `sqlite:`. Pass the path alone.",
    );
  }
  // A scheme of one letter is a drive of Windows.
  if (!/^(?!file:)[a-z][a-z\d+.-]+:\/\//i.test(path)) return;
  throw invalidOptions(
    "Expected a path such as jobs.db, got a URL. Pass the path of a file; postgresStore is for PostgreSQL, and redisStore is for Redis.",
  );
}
