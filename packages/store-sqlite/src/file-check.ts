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
 * Makes what throws `store_unavailable` when the path leads to another file than the open one, or to
 * none. SQLite does not notice that: it writes on into a file that nobody can open again.
 *
 * @param name the file, as error messages begin with it.
 */
export function createFileCheck(connection: Connection, name: string): () => void {
  const [main] = connection.all<{ file: string | null }>("PRAGMA database_list");
  const path = main?.file ?? "";
  const opened = path === "" ? undefined : identityOf(path);
  return () => {
    // A database in memory has no file, and one behind a driver of its own may have none here.
    if (opened === undefined || identityOf(path) === opened) return;
    throw new AbstraktWebhookError(
      "store_unavailable",
      `${name} was deleted or replaced while it was open. Put the same file back, or stop this process, restore the file and start again.`,
    );
  };
}

/** The same for one file under every name; absent where no file is. */
function identityOf(path: string): string | undefined {
  const files = hostModule("node:fs") as FileSystem | undefined;
  const stat = files?.statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat && `${stat.dev} ${stat.ino}`;
}
