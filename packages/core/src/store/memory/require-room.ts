import { AbstraktWebhookError } from "../../errors.ts";
import type { Table } from "./table.ts";

/** @throws AbstraktWebhookError `store_unavailable` when no other row may become live. */
export function requireRoom(table: Table): void {
  if (table.hasRoom()) return;
  throw new AbstraktWebhookError(
    "store_unavailable",
    "The memory store is full: `maxLive` jobs are expected, wait or run. Raise `maxLive`, or use a durable store.",
  );
}
