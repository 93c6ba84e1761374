import { AbstraktWebhookError } from "@abstrakt-webhooks/core";
import type { PostgresClient } from "./client.ts";
import type { Names } from "./namespace.ts";
import type { Query } from "./query.ts";
import { signaturesOf } from "./sql/functions.ts";
import { notMigrated, READ_ONLY } from "./store-error.ts";

interface Found {
  readonly tables: boolean;
  readonly functions: boolean;
  readonly writable: boolean;
}

/** @throws AbstraktWebhookError `store_unavailable` when the store would take no delivery now. */
export async function checkReady(
  client: PostgresClient,
  query: Query,
  names: Names,
): Promise<void> {
  if (isUnconnected(client)) throw unavailable(UNCONNECTED);
  const { ingest, settle } = signaturesOf(names);
  const [found] = await query<Found>(
    `
SELECT to_regclass($1) IS NOT NULL AS tables,
  to_regprocedure($2) IS NOT NULL AND to_regprocedure($3) IS NOT NULL AS functions,
  NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off' AS writable`,
    names.jobs,
    ingest,
    settle,
  );
  if (!found?.tables) throw unavailable(notMigrated("The table", names.jobs));
  if (!found.functions) throw unavailable(notMigrated("A function of the table", names.jobs));
  if (!found.writable) throw unavailable(READ_ONLY);
}

/** True for pg's `Client` before `connect`, which queues statements and never answers. */
function isUnconnected(client: PostgresClient): boolean {
  const { _connected, _connecting } = client as { _connected?: unknown; _connecting?: unknown };
  return _connected === false && _connecting === false;
}

const UNCONNECTED =
  "The pg Client is not connected. Call `await client.connect()` before the first delivery, or pass a pg Pool, which connects by itself.";

const unavailable = (message: string): AbstraktWebhookError =>
  new AbstraktWebhookError("store_unavailable", message);
