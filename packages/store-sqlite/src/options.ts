import {
  describe,
  invalidOptions,
  readStoreOptions,
  requireFunction,
  wallClock,
  type Clock,
  type StoreOptions,
} from "@abstrakt-webhooks/core/store";
import { isDatabase, OPEN_DATABASE, type SqliteDatabase } from "./database.ts";

/** What of an SQLite store can be chosen. Durations in milliseconds. */
export interface SqliteStoreOptions extends StoreOptions {
  /** Wall time in milliseconds; for tests. Processes that share a file must share it too. */
  readonly clock?: Clock;
}

/** Fills in the defaults. Throws `invalid_options` when a value is not what it should be. */
export function readOptions(
  database: string | SqliteDatabase,
  options: SqliteStoreOptions,
): Required<SqliteStoreOptions> {
  const common = readStoreOptions(options, ["clock"]);
  const { clock = wallClock } = options;
  if (database === "" || !(typeof database === "string" || isDatabase(database))) {
    const got = database === "" ? "an empty path" : describe(database);
    throw invalidOptions(`Expected a path or ${OPEN_DATABASE}, got ${got}.`);
  }
  requireFunction("clock", clock);
  return { ...common, clock };
}
