import { AbstraktWebhookError } from "@abstrakt-webhooks/core";
import { toConnection, type Connection, type SqliteDatabase } from "./database.ts";
import { createFileCheck } from "./file-check.ts";
import { migrate } from "./migrate.ts";
import { describeFile, openFile } from "./open-file.ts";
import { BUSY_TIMEOUT_MS, retryWhileBusy } from "./retry-while-busy.ts";
import { explain } from "./sqlite-error.ts";

/** Opens and closes the store's database. */
export interface Opener {
  /** Names the database in error messages. */
  readonly name: string;
  /** Opens and prepares the database on the first call. After a failure, the next call retries. */
  open(): Promise<Connection>;
  /**
   * @throws AbstraktWebhookError `store_unavailable` when the open file is no longer at its path.
   */
  checkFile(): void;
  /** Refuses further use, and closes a database that the store itself opened. */
  close(): Promise<void>;
}

export function createOpener(source: string | SqliteDatabase): Opener {
  const isPath = typeof source === "string";
  const name = isPath ? describeFile(source) : "The SQLite database";
  let opening: Promise<Connection> | undefined;
  let checkFile = (): void => undefined;
  let closed = false;

  const openOnce = async (): Promise<Connection> => {
    const connection = toConnection(isPath ? await openFile(source) : source);
    try {
      await retryWhileBusy(() => prepare(connection));
      checkFile = createFileCheck(connection, name);
      return connection;
    } catch (thrown) {
      if (isPath) connection.close();
      throw explain(thrown, name);
    }
  };

  return {
    name,
    async open() {
      if (closed) {
        throw new AbstraktWebhookError("store_unavailable", `${name} was closed by \`close()\`.`);
      }
      opening ??= openOnce().catch((thrown: unknown) => {
        opening = undefined;
        throw thrown;
      });
      return opening;
    },
    checkFile: () => checkFile(),
    async close() {
      closed = true;
      const connection = await opening?.catch(() => undefined);
      opening = undefined;
      if (connection === undefined) return;
      emptyWal(connection);
      if (isPath) connection.close();
    },
  };
}

/** Sets WAL and an fsync for every commit, so that a committed result survives a power failure. */
function prepare(connection: Connection): void {
  connection.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  connection.exec("PRAGMA journal_mode = WAL");
  connection.exec("PRAGMA synchronous = FULL");
  migrate(connection);
}

/**
 * Moves everything from the WAL into the file itself, so that a copy of the file alone is complete.
 * A driver that keeps statements open does not do this when it closes.
 */
function emptyWal(connection: Connection): void {
  try {
    connection.all("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch {
    // Another connection reads or writes. The last one to close does it.
  }
}
