import { LRUCache } from "lru-cache";
import { createRow, type Row } from "./row.ts";

/** How many of the newest done jobs keep their payload, for `get` and `list`. */
const MAX_PAYLOADS = 1_000;

/** A done row in less than half of its memory. Times are those of the table's clock. */
interface Tombstone {
  readonly fingerprint: string | undefined;
  readonly binding: string | undefined;
  readonly receivedAtMs: number | undefined;
  readonly settledAtMs: number;
  payload: string | undefined;
  /** Many jobs end with the same details, so they share one object. */
  details: Details;
}

type Details = Readonly<Pick<Row, "fence" | "attempts" | "conflicts" | "source">>;

/** The done rows of a table, the latest settled first. */
export interface Tombstones {
  size(): number;
  /** Makes a row from a tombstone. Call `update` after a change of this row. */
  find(jobId: string): Row | undefined;
  /** Adds a done row. It replaces the oldest one if there is no room. */
  add(row: Row): void;
  /** Writes the conflicts of a row that `find` made. */
  update(row: Row): void;
  remove(jobId: string): void;
  /** Ids of the oldest rows, up to `limit`, that were settled at `settledAtMs` or before. */
  oldest(settledAtMs: number, limit: number): string[];
  /** Calls `visit` for each row. `visit` returns false when it needs no row settled earlier. */
  each(visit: (jobId: string, settledAtMs: number) => boolean): void;
}

export function createTombstones(max: number): Tombstones {
  let cache: LRUCache<string, Tombstone> | undefined;
  // Made at first use, because it allocates space for `max` entries at once.
  const byId = () => (cache ??= new LRUCache<string, Tombstone>({ max }));
  const newest: Tombstone[] = [];
  let nextNewest = 0;
  let shared: Details | undefined;
  let latestMs = -Infinity;
  /** Rows settled before this time may be out of order, because the clock was set back. */
  let unorderedUntilMs = -Infinity;

  const detailsOf = (row: Row): Details => {
    if (shared === undefined || !isAlike(shared, row)) shared = toDetails(row);
    return shared;
  };

  const keepPayload = (tombstone: Tombstone): void => {
    const replaced = newest[nextNewest];
    if (replaced !== undefined) replaced.payload = undefined;
    newest[nextNewest] = tombstone;
    nextNewest = (nextNewest + 1) % MAX_PAYLOADS;
  };

  return {
    size: () => cache?.size ?? 0,
    find(jobId) {
      // `peek` keeps the LRU in the order of settling. `get` would change it.
      const tombstone = cache?.peek(jobId);
      return tombstone && toRow(jobId, tombstone);
    },
    add(row) {
      const { fingerprint, payload, receivedAtMs, settledAtMs = 0 } = row;
      const binding = row.binding && toFlat(row.binding);
      if (settledAtMs < latestMs) unorderedUntilMs = latestMs;
      else latestMs = settledAtMs;
      const details = detailsOf(row);
      const tombstone: Tombstone = {
        fingerprint,
        binding,
        receivedAtMs,
        settledAtMs,
        payload,
        details,
      };
      byId().set(row.jobId, tombstone);
      keepPayload(tombstone);
    },
    update(row) {
      const tombstone = cache?.peek(row.jobId);
      if (tombstone !== undefined) tombstone.details = toDetails(row);
    },
    remove: (jobId) => void cache?.delete(jobId),
    oldest(settledAtMs, limit) {
      const ids: string[] = [];
      for (const jobId of cache?.rkeys() ?? []) {
        const tombstone = cache?.peek(jobId);
        if (ids.length === limit || tombstone === undefined) break;
        if (tombstone.settledAtMs > settledAtMs) break;
        ids.push(jobId);
      }
      return ids;
    },
    each(visit) {
      for (const [jobId, { settledAtMs }] of cache?.entries() ?? []) {
        if (!visit(jobId, settledAtMs) && settledAtMs > unorderedUntilMs) return;
      }
    },
  };
}

const toDetails = (row: Row): Details => ({
  fence: row.fence,
  attempts: row.attempts,
  conflicts: row.conflicts,
  source: row.source,
});

const isAlike = (a: Details, b: Details): boolean =>
  a.fence === b.fence &&
  a.attempts === b.attempts &&
  a.conflicts === b.conflicts &&
  a.source === b.source;

/** Uses assignments, because a spread is slow and every duplicate of a done job runs this. */
function toRow(jobId: string, tombstone: Tombstone): Row {
  const { details } = tombstone;
  const row = createRow(jobId);
  row.state = "done";
  row.fingerprint = tombstone.fingerprint;
  row.binding = tombstone.binding;
  row.payload = tombstone.payload;
  row.receivedAtMs = tombstone.receivedAtMs;
  row.settledAtMs = tombstone.settledAtMs;
  row.fence = details.fence;
  row.attempts = details.attempts;
  row.conflicts = details.conflicts;
  row.source = details.source;
  return row;
}

/** Copies a text. For a part of a text, such as of a URL, V8 otherwise keeps the whole text. */
const toFlat = (text: string): string => [text.slice(0, 1), text.slice(1)].join("");
