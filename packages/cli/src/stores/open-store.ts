import { isAbstraktWebhookError } from "@abstrakt-webhooks/core";
import { notWell, toLine } from "../errors.ts";
import type { InspectedStore, OpenStore, StoreLocation } from "./inspected-store.ts";
import { openPostgres } from "./open-postgres.ts";
import { openRedis } from "./open-redis.ts";
import { openSqlite } from "./open-sqlite.ts";
import { within } from "./within.ts";

/** Counting a large table takes long. */
const CALL_TIMEOUT_MS = 60_000;
const CLOSE_TIMEOUT_MS = 1_000;

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
    return await use(withDeadlines(opened.store));
  } catch (thrown) {
    if (isAbstraktWebhookError(thrown)) throw thrown;
    const expected = `Expected the store at ${nameOf(location.url)} to answer`;
    throw notWell(`${expected}, got "${toLine(thrown)}". Check the URL, and that it runs.`, thrown);
  } finally {
    // The command has its result, whatever happens to the connection.
    await within(CLOSE_TIMEOUT_MS, Promise.resolve(opened?.close())).catch(() => undefined);
  }
}

/** A store whose calls end, also when its server freezes. */
const withDeadlines = (store: InspectedStore): InspectedStore => ({
  get: (jobId) => within(CALL_TIMEOUT_MS, store.get(jobId)),
  list: (o) => within(CALL_TIMEOUT_MS, store.list(o)),
  redrive: (jobId) => within(CALL_TIMEOUT_MS, store.redrive(jobId)),
  stats: () => within(CALL_TIMEOUT_MS, store.stats()),
});

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
