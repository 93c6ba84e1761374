import { AbstraktWebhookError } from "@abstrakt-webhooks/core";
import { inTransaction, type Connection } from "./database.ts";
import { MIGRATIONS } from "./schema.ts";

/**
 * Brings the file from any older version to this one. Several processes may call it at once: the
 * first migrates, and the others change nothing. All namespaces of a file share its version.
 *
 * @throws AbstraktWebhookError `store_unavailable` when a newer version of the store made the file.
 */
export function migrate(connection: Connection, steps: readonly string[] = MIGRATIONS): void {
  if (versionOf(connection) === steps.length) return;
  inTransaction(connection, () => {
    connection.exec("CREATE TABLE IF NOT EXISTS abstrakt_schema (version INTEGER PRIMARY KEY)");
    const version = versionOf(connection);
    if (version > steps.length) {
      throw new AbstraktWebhookError(
        "store_unavailable",
        `Expected a schema of version ${steps.length} or less, got ${version}. Update @abstrakt-webhooks/store-sqlite here too.`,
      );
    }
    for (const [index, step] of steps.entries()) {
      if (index < version) continue;
      connection.exec(step);
      connection.run("INSERT INTO abstrakt_schema (version) VALUES (?)", index + 1);
    }
  });
}

/** Reads the version of the file's schema. 0 when the file has none yet. */
function versionOf(connection: Connection): number {
  const tables = connection.all(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'abstrakt_schema'",
  );
  if (tables.length === 0) return 0;
  const [row] = connection.all<{ version: number | bigint | null }>(
    "SELECT max(version) AS version FROM abstrakt_schema",
  );
  return Number(row?.version ?? 0);
}
