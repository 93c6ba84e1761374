import type { Connection } from "./database.ts";

/** Warns about settings of the database that put results at risk. */
export function inspect(connection: Connection): string[] {
  const [database] = connection.all<{ file: string | null }>("PRAGMA database_list");
  if (!database?.file) {
    return [
      "The SQLite database is in memory or temporary, so accepted results are lost when it closes. Give a path.",
    ];
  }
  const warnings: string[] = [];
  const [mode] = connection.all<{ journal_mode: string }>("PRAGMA journal_mode");
  if (mode?.journal_mode !== "wal") {
    warnings.push(
      `Expected SQLite's journal_mode to be "wal", got "${mode?.journal_mode}": writers and readers block each other. Do not set it elsewhere.`,
    );
  }
  const [level] = connection.all<{ synchronous: number | bigint }>("PRAGMA synchronous");
  if (Number(level?.synchronous) < 2) {
    warnings.push(
      "Expected SQLite's synchronous to be FULL, got less: an accepted result may be lost when the power fails. Do not set it elsewhere.",
    );
  }
  return warnings;
}
