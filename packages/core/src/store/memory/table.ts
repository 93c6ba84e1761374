import { LRUCache } from "lru-cache";
import type { Clock } from "../../clock.ts";
import type { JobState } from "../job-store.ts";
import { createDeadRows, kindOf, type DeadKind } from "./dead-rows.ts";
import { createDueHeap } from "./due-heap.ts";
import { createRing } from "./ring.ts";
import { isSettled, type Row } from "./row.ts";

/** How many of the newest done jobs keep their payload, for `get` and `list`. */
const DONE_PAYLOADS = 1_000;

export interface TableOptions {
  readonly maxLive: number;
  readonly maxDead: number;
  readonly maxDone: number;
  readonly doneTtlMs: number;
  readonly deadTtlMs: number;
  /** The table's own time, from 0. V8 stores small integers inline, and wall times as objects. */
  readonly clock: Clock;
  /** The wall time when the table's time was 0. */
  readonly bornAtMs: number;
  /** A dead row was dropped for want of room. */
  readonly onDrop: (kind: DeadKind) => void;
}

/**
 * Where rows live. Everything but `done` stands in a `Map`, since an LRU would evict rows in flight;
 * tombstones stand in an LRU, since forgetting the oldest of them is affordable. Live rows and dead
 * rows have a bound each, so that dead ones keep no result out.
 */
export interface Table {
  readonly bornAtMs: number;
  find(jobId: string): Row | undefined;
  /** Whether another row may be expected, pending or leased. */
  hasRoom(): boolean;
  /** Whether another row may be parked, if need be in the place of one that is worth no more. */
  hasRoomToPark(): boolean;
  /** Moves a row to a state, under the due time that state has. */
  place(row: Row, state: JobState, dueAtMs: number): void;
  /** The pending or leased row that is due first. */
  nextWork(): Row | undefined;
  /** The expected row whose poll is due first. */
  nextPoll(): Row | undefined;
  /** Every row whose retention has not ended. */
  rows(): IterableIterator<Row>;
  prune(limit: number): number;
}

export function createTable(options: TableOptions): Table {
  const { maxLive, maxDead, maxDone, doneTtlMs, deadTtlMs, clock } = options;
  /** Live and dead rows. */
  const rowsById = new Map<string, Row>();
  const dead = createDeadRows();
  let cache: LRUCache<string, Row> | undefined;
  // Made at first use, because it allocates space for `maxDone` entries at once.
  const tombstones = () => (cache ??= new LRUCache<string, Row>({ max: maxDone }));
  const newestDone = createRing<Row>(DONE_PAYLOADS);
  const work = createDueHeap<Row>();
  const polls = createDueHeap<Row>();

  const isExpired = (row: Row): boolean =>
    isSettled(row) &&
    (row.settledAtMs ?? 0) + (row.state === "done" ? doneTtlMs : deadTtlMs) <= clock();

  const forget = (row: Row): void => {
    if (row.state === "done") tombstones().delete(row.jobId);
    else rowsById.delete(row.jobId);
    if (row.state === "dead") dead.remove(row);
  };

  /** Drops dead rows beyond the bound: expired ones, else the one that is worth least. */
  const makeRoom = (): void => {
    while (dead.size() > maxDead) {
      const expired = dead.oldest().find(isExpired);
      const row = expired ?? dead.first();
      if (row === undefined) return;
      if (expired === undefined) options.onDrop(kindOf(row));
      forget(row);
    }
  };

  function* stored(): IterableIterator<Row> {
    yield* rowsById.values();
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
      else if (row.state === "done") break; // The oldest tombstones come first.
    }
    for (const row of expired) forget(row);
    return expired.length;
  };

  return {
    bornAtMs: options.bornAtMs,
    find(jobId) {
      // `peek`, not `get`: the LRU's order is then the order of settling.
      const row = rowsById.get(jobId) ?? tombstones().peek(jobId);
      if (row === undefined) return undefined;
      if (!isExpired(row)) return row;
      forget(row);
      return undefined;
    },
    hasRoom: () => rowsById.size - dead.size() < maxLive,
    hasRoomToPark: () => dead.size() < maxDead || dead.first("unrecognized") !== undefined,
    place(row, state, dueAtMs) {
      work.remove(row);
      polls.remove(row);
      if (row.state === "dead") dead.remove(row);
      row.state = state;
      row.dueAtMs = dueAtMs;
      if (state === "done") {
        rowsById.delete(row.jobId);
        tombstones().set(row.jobId, row);
        const replaced = newestDone.push(row);
        if (replaced !== undefined) replaced.payload = undefined;
        return;
      }
      rowsById.set(row.jobId, row);
      if (state === "expected") polls.push(row);
      else if (state !== "dead") work.push(row);
      else {
        dead.add(row);
        makeRoom();
      }
    },
    nextWork: work.peek,
    nextPoll: polls.peek,
    rows,
    prune,
  };
}
