import { isAbstraktWebhookError } from "@abstrakt-webhooks/core";
import { notWell, toLine } from "../errors.ts";
import type { InspectedStore, OpenStore, StoreLocation } from "./inspected-store.ts";
import { openPostgres } from "./open-postgres.ts";
import { openRedis } from "./open-redis.ts";
import { openSqlite } from "./open-sqlite.ts";

/**
 * Opens a store, lets `use` work with it and closes it.
 *
 * @throws AbstraktWebhookError `store_unavailable`, with the URL of the store without its password.
 */
export async function withStore<T>(
  location: StoreLocation,
  use: (store: InspectedStore) => Promise<T>,
): Promise<T> {
  let opened: OpenStore | undefined;
  try {
    opened = await toOpener(location.url)(location);
    return await use(opened.store);
  } catch (thrown) {
    if (isAbstraktWebhookError(thrown)) throw thrown;
    const expected = `Expected the store at ${nameOf(location.url)} to answer`;
    throw notWell(`${expected}, got "${toLine(thrown)}". Check the URL, and that it runs.`, thrown);
  } finally {
    await opened?.close();
  }
}

function toOpener(url: string): (location: StoreLocation) => Promise<OpenStore> {
  if (url.startsWith("sqlite:")) return openSqlite;
  return url.startsWith("redis") ? openRedis : openPostgres;
}

/** A store's URL without user, password and query. */
function nameOf(url: string): string {
  if (url.startsWith("sqlite:") || !URL.canParse(url)) return url.split(":")[0] ?? "";
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
