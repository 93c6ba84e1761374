import { AbstraktWebhookError, isAbstraktWebhookError } from "@abstrakt-webhooks/core";

/** The result codes that a user can do something about, by SQLite's own numbers. */
const CODES: Record<number, string> = {
  5: "BUSY",
  6: "LOCKED",
  8: "READONLY",
  10: "IOERR",
  11: "CORRUPT",
  13: "FULL",
  14: "CANTOPEN",
  26: "NOTADB",
};

const ADVICE: Record<string, string> = {
  BUSY: "stayed locked by another connection. Keep transactions on it short, and end those that wait.",
  LOCKED:
    "stayed locked by another connection. Keep transactions on it short, and end those that wait.",
  READONLY:
    "is read-only. Let the process write to the file and to its folder, where the -wal and -shm files stand.",
  IOERR: "could not be read or written. Check the disk; a network file system does not serve.",
  CORRUPT: "is damaged. Run `PRAGMA integrity_check`, and restore it from a backup.",
  FULL: "is full. Free space on the disk, or raise `PRAGMA max_page_count`.",
  CANTOPEN: "cannot be opened. Create its folder, and let the process read and write there.",
  NOTADB: "is not an SQLite database. Give another path, or move the file away.",
};

/**
 * SQLite's primary result code without its prefix, such as `BUSY`. Drivers carry it as a name
 * (better-sqlite3, libsql, bun:sqlite) or as a number (`errcode` of node:sqlite).
 */
export function sqliteCode(thrown: unknown): string | undefined {
  if (typeof thrown !== "object" || thrown === null) return undefined;
  const { code, errcode } = thrown as { code?: unknown; errcode?: unknown };
  if (typeof errcode === "number") return CODES[errcode & 0xff];
  return typeof code === "string" ? /^SQLITE_([A-Z]+)/.exec(code)?.[1] : undefined;
}

/** True while somebody else is at work: another process, or an open transaction of the user's. */
export function isBusy(thrown: unknown): boolean {
  const code = sqliteCode(thrown);
  if (code === "BUSY" || code === "LOCKED") return true;
  return /(within|inside) a transaction/.test((thrown as Error | undefined)?.message ?? "");
}

/**
 * An error that says what to do; the driver's own is its cause.
 *
 * @param what the file, as a user knows it: the sentence begins with it.
 * @param otherwise the code of an error that carries none.
 */
export function explain(thrown: unknown, what: string, otherwise = "ERROR"): AbstraktWebhookError {
  if (isAbstraktWebhookError(thrown)) return thrown;
  const code = isBusy(thrown) ? "BUSY" : (sqliteCode(thrown) ?? otherwise);
  const advice = ADVICE[code] ?? "failed. The cause says why.";
  return new AbstraktWebhookError("store_unavailable", `${what} ${advice}`, { cause: thrown });
}
