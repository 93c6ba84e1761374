import { LRUCache } from "lru-cache";
import type { Clock } from "../../clock.ts";
import type { JobState } from "../job-store.ts";
import { createDueHeap } from "./due-heap.ts";
import { createRow, isSettled, type Row } from "./row.ts";

/** How many done jobs, the newest, keep their payload for people to look at. */
const DONE_PAYLOADS = 1_000;

export interface TableOptions {
  readonly maxLive: number;
  readonly maxDone: number;
  readonly doneTtlMs: number;
  readonly deadTtlMs: number;
  /** The table's own time, which begins at 0: small integers, where wall time is an object a number. */
  readonly clock: Clock;
  /** The wall time at the beginning. */
  readonly bornAtMs: number;
}

/**
 * Where rows live. Everything but `done` stands in a bounded `Map`, since an LRU would evict rows
 * in flight; tombstones stand in an LRU, since forgetting the oldest of them is affordable.
 */
export interface Table {
  readonly bornAtMs: number;
  find(jobId: string): Row | undefined;
  /** A new row, not yet placed; `undefined` when there is no room. */
  create(jobId: string): Row | undefined;
  /** Moves a row to a state, under the due time that state has. */
  place(row: Row, state: JobState, dueAtMs: number): void;
  /** The longest due pending or leased row. */
  nextWork(): Row | undefined;
  /** The expected row whose poll is longest due. */
  nextPoll(): Row | undefined;
  /** Every row whose retention has not ended. */
  rows(): IterableIterator<Row>;
  prune(limit: number): number;
}

export function createTable(options: TableOptions): Table {
  const { maxLive, maxDone, doneTtlMs, deadTtlMs, clock } = options;
  const live = new Map<string, Row>();
  let cache: LRUCache<string, Row> | undefined;
  // Made when first needed: it reserves room for all of `maxDone` at once.
  const tombstones = () => (cache ??= new LRUCache<string, Row>({ max: maxDone }));
  const newestDone = createRing<Row>(DONE_PAYLOADS);
  const work = createDueHeap<Row>();
  const polls = createDueHeap<Row>();

  const isExpired = (row: Row): boolean =>
    isSettled(row) &&
    (row.settledAtMs ?? 0) + (row.state === "done" ? doneTtlMs : deadTtlMs) <= clock();

  const forget = (row: Row): void => {
    if (row.state === "done") tombstones().delete(row.jobId);
    else live.delete(row.jobId);
  };

  function* stored(): IterableIterator<Row> {
    yield* live.values();
    for (const row of tombstones().rvalues()) if (row !== undefined) yield row;
  }

  function* rows(): IterableIterator<Row> {
    for (const row of stored()) if (!isExpired(row)) yield row;
  }

  const prune = (limit: number): number => {
    const expired: Row[] = [];
    for (const row of stored()) {
      if (expired.length === limit) break;
      if (isExpired(row)) expired.push(row);
      else if (row.state === "done") break; // tombstones come oldest first
    }
    for (const row of expired) forget(row);
    return expired.length;
  };

  return {
    bornAtMs: options.bornAtMs,
    find(jobId) {
      // `peek`, not `get`: the LRU's order is then the order of settling.
      const row = live.get(jobId) ?? tombstones().peek(jobId);
      if (row === undefined) return undefined;
      if (!isExpired(row)) return row;
      forget(row);
      return undefined;
    },
    create(jobId) {
      if (live.size >= maxLive) prune(maxLive);
      return live.size < maxLive ? createRow(jobId) : undefined;
    },
    place(row, state, dueAtMs) {
      work.remove(row);
      polls.remove(row);
      row.state = state;
      row.dueAtMs = dueAtMs;
      if (state === "done") {
        live.delete(row.jobId);
        tombstones().set(row.jobId, row);
        const overtaken = newestDone.push(row);
        if (overtaken !== undefined) overtaken.payload = undefined;
        return;
      }
      live.set(row.jobId, row);
      if (state === "expected") polls.push(row);
      else if (state !== "dead") work.push(row);
    },
    nextWork: work.peek,
    nextPoll: polls.peek,
    rows,
    prune,
  };
}

/** Remembers the newest `size` items. */
interface Ring<T> {
  /** Takes an item in and answers the one that had to go. */
  push(item: T): T | undefined;
}

function createRing<T>(size: number): Ring<T> {
  const items: T[] = [];
  let next = 0;
  return {
    push(item) {
      const gone = items[next];
      items[next] = item;
      next = (next + 1) % size;
      return gone;
    },
  };
}
