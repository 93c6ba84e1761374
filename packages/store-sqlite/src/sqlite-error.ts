import { AbstraktWebhookError, isAbstraktWebhookError } from "@abstrakt-webhooks/core";

/** The result codes that a user can act on: SQLite's number, name and message. */
const CODES: readonly (readonly [number: number, name: string, message: string])[] = [
  [5, "BUSY", "database is locked"],
  [6, "LOCKED", "database table is locked"],
  [8, "READONLY", "attempt to write a readonly database"],
  [10, "IOERR", "disk I/O error"],
  [11, "CORRUPT", "database disk image is malformed"],
  [13, "FULL", "database or disk is full"],
  [14, "CANTOPEN", "unable to open database file"],
  [26, "NOTADB", "file is not a database"],
];

const ADVICE: Record<string, string> = {
  BUSY: "stayed locked by another connection. Keep transactions on it short, and commit or roll back open ones.",
  LOCKED:
    "stayed locked by another connection. Keep transactions on it short, and commit or roll back open ones.",
  READONLY:
    "is read-only. Let the process write to the file and to its folder, where the -wal and -shm files are.",
  IOERR: "could not be read or written. Check the disk; a network file system does not work.",
  CORRUPT: "is damaged. Run `PRAGMA integrity_check`, and restore it from a backup.",
  FULL: "is full. Free space on the disk, or raise `PRAGMA max_page_count`.",
  CANTOPEN: "cannot be opened. Create its folder, and let the process read and write there.",
  NOTADB: "is not an SQLite database. Give another path, or move the file away.",
};

/**
 * SQLite's primary result code without its prefix, such as `BUSY`. Drivers carry it as a name
 * (better-sqlite3, libsql, bun:sqlite), as a number (`errcode` of node:sqlite) or in the message
 * only (Deno's node:sqlite).
 */
export function sqliteCode(thrown: unknown): string | undefined {
  if (typeof thrown !== "object" || thrown === null) return undefined;
  const { code, errcode, message } = thrown as Record<string, unknown>;
  const name = typeof code === "string" ? /^SQLITE_([A-Z]+)/.exec(code)?.[1] : undefined;
  if (name !== undefined) return name;
  const primary = typeof errcode === "number" ? errcode & 0xff : undefined;
  return CODES.find(
    ([number, , text]) => number === primary || (primary === undefined && message === text),
  )?.[1];
}

/** True while another process or an open transaction of the user holds the lock. */
export function isBusy(thrown: unknown): boolean {
  const code = sqliteCode(thrown);
  if (code === "BUSY" || code === "LOCKED") return true;
  return /(within|inside) a transaction/.test((thrown as Error | undefined)?.message ?? "");
}

/**
 * Makes an error that says what to do. The driver's error is its cause.
 *
 * @param what names the file; the message begins with it.
 * @param otherwise the result code to assume when the driver's error has none.
 */
export function explain(thrown: unknown, what: string, otherwise = "ERROR"): AbstraktWebhookError {
  if (isAbstraktWebhookError(thrown)) return thrown;
  const code = isBusy(thrown) ? "BUSY" : (sqliteCode(thrown) ?? otherwise);
  const advice = ADVICE[code] ?? "failed. The cause says why.";
  return new AbstraktWebhookError("store_unavailable", `${what} ${advice}`, { cause: thrown });
}
