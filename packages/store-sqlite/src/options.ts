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
    throw invalidOptions(`Expected a path or ${OPEN_DATABASE}, got ${got}.`);
  }
  requireFunction("clock", clock);
  return { ...common, clock };
}
