/**
 * Keeps job results in SQLite.
 *
 * @module
 */

export { sqliteStore, type SqliteStore } from "./sqlite-store.ts";
export type { SqliteStoreOptions } from "./options.ts";
export type { SqliteDatabase } from "./database.ts";
export type { SqliteValue } from "./dialect/statements.ts";
