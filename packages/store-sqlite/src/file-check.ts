import { AbstraktWebhookError } from "@abstrakt-webhooks/core";
import { hostModule } from "@abstrakt-webhooks/core/store";
import type { Connection } from "./database.ts";

interface FileSystem {
  statSync(
    path: string,
    options: { bigint: true; throwIfNoEntry: false },
  ): { readonly dev: bigint; readonly ino: bigint } | undefined;
}

/**
 * Makes a function that throws `store_unavailable` when the path no longer leads to the open file.
 * SQLite does not notice that, and continues to write into a file that nobody can open again.
 *
 * @param name names the file. Error messages begin with it.
 */
export function createFileCheck(connection: Connection, name: string): () => void {
  const [main] = connection.all<{ file: string | null }>("PRAGMA database_list");
  const path = main?.file ?? "";
  const opened = path === "" ? undefined : identityOf(path);
  return () => {
    // A database in memory has no file, and the file of a user's own driver may be elsewhere.
    if (opened === undefined || identityOf(path) === opened) return;
    throw new AbstraktWebhookError(
      "store_unavailable",
      `${name} was deleted or replaced while it was open. Put the same file back, or stop this process, restore the file and start again.`,
    );
  };
}

/** The device and inode of a file, which are the same under every name. `undefined` for no file. */
function identityOf(path: string): string | undefined {
  const files = hostModule("node:fs") as FileSystem | undefined;
  const stat = files?.statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat && `${stat.dev} ${stat.ino}`;
}
