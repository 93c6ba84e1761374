import type { Clock } from "../../clock.ts";
import { createLiveMap } from "../../live-map.ts";
import type { JobState } from "../job-store.ts";
import { createDeadRows, kindOf, type DeadKind } from "./dead-rows.ts";
import { createDueHeap } from "./due-heap.ts";
import type { Row } from "./row.ts";
import { createTombstones } from "./tombstones.ts";

export interface TableOptions {
  readonly maxLive: number;
  readonly maxDead: number;
  readonly maxDone: number;
  readonly doneTtlMs: number;
  readonly deadTtlMs: number;
  /** The time since `createdAtMs`. V8 stores small integers inline, but wall times as objects. */
  readonly clock: Clock;
  /** The wall time at which the table was made. */
  readonly createdAtMs: number;
  /** Called when the table drops a dead row because it is full. */
  readonly onDrop: (kind: DeadKind) => void;
}

/**
 * Holds the rows. Live and dead rows are in a `LiveMap`, because an LRU would evict rows of jobs that
 * still run. Tombstones are in an LRU, which may drop the oldest of them. Live rows and dead rows
 * have separate bounds, so that dead rows do not keep new results out.
 */
export interface Table {
  readonly createdAtMs: number;
  /** A done row is a copy. Change it by `place` and `addConflict` only. */
  find(jobId: string): Row | undefined;
  /** Whether another row may be expected, pending or leased. */
  hasRoom(): boolean;
  /**
   * Whether another row may be parked, if necessary in the place of a parked, freed or expired row.
   */
  hasRoomToPark(): boolean;
  /** Moves a row to a state, under the due time that state has. */
  place(row: Row, state: JobState, dueAtMs: number): void;
  addConflict(row: Row): void;
  /** The pending or leased row that is due first. */
  nextWork(): Row | undefined;
  /** The expected row whose poll is due first. */
  nextPoll(): Row | undefined;
  /** How many rows of a state there are, including expired ones. */
  count(state: JobState): number;
  /**
   * Calls `visit` with each row of a state and the time by which lists order it. `visit` returns
   * false when it needs no row of this state with an earlier time. Then this call may stop.
   */
  each(state: JobState, visit: (jobId: string, atMs: number) => boolean): void;
  /** The arrival time of the oldest result that is pending or leased. `Infinity` if there is none. */
  oldestReceivedAtMs(): number;
  /** Deletes up to `limit` rows whose retention has ended. */
  prune(limit: number): number;
}

export function createTable(options: TableOptions): Table {
  const { maxLive, maxDead, maxDone, doneTtlMs, deadTtlMs, clock } = options;
  /** Live and dead rows. */
  const rowsById = createLiveMap<Row>();
  const live = {
    expected: createDueHeap<Row>(),
    pending: createDueHeap<Row>(),
    leased: createDueHeap<Row>(),
  };
  const dead = createDeadRows();
  const done = createTombstones(maxDone);

  const isExpired = ({ state, settledAtMs = 0 }: Row): boolean => {
    if (state !== "done" && state !== "dead") return false;
    return settledAtMs + (state === "done" ? doneTtlMs : deadTtlMs) <= clock();
  };

  /** Removes a row from the index of its state. A new row is in no index. */
  const removeFromIndex = (row: Row): void => {
    if (row.state === "done") done.remove(row.jobId);
    else if (row.state === "dead") dead.remove(row);
    else live[row.state].remove(row);
  };

  const forget = (row: Row): void => {
    removeFromIndex(row);
    rowsById.delete(row.jobId);
  };

  /** Drops dead rows above `maxDead`: expired rows first, then the row that `dead.first` names. */
  const makeRoom = (): void => {
    while (dead.size() > maxDead) {
      const expired = dead.oldest().find(isExpired);
      const row = expired ?? dead.first();
      if (row === undefined) return;
      if (expired === undefined) options.onDrop(kindOf(row));
      forget(row);
    }
  };

  const pruneDead = (limit: number): number => {
    let pruned = 0;
    for (; pruned < limit; pruned += 1) {
      const row = dead.oldest().find(isExpired);
      if (row === undefined) break;
      forget(row);
    }
    return pruned;
  };

  return {
    createdAtMs: options.createdAtMs,
    find(jobId) {
      const row = rowsById.get(jobId) ?? done.find(jobId);
      if (row === undefined) return undefined;
      if (!isExpired(row)) return row;
      forget(row);
      return undefined;
    },
    hasRoom: () => rowsById.size() - dead.size() < maxLive,
    hasRoomToPark: () =>
      dead.size() < maxDead ||
      dead.first("unrecognized") !== undefined ||
      dead.oldest().some(isExpired),
    place(row, state, dueAtMs) {
      removeFromIndex(row);
      row.state = state;
      row.dueAtMs = dueAtMs;
      if (state === "done") {
        rowsById.delete(row.jobId);
        done.add(row);
        return;
      }
      rowsById.set(row.jobId, row);
      if (state !== "dead") live[state].push(row);
      else {
        dead.add(row);
        makeRoom();
      }
    },
    addConflict(row) {
      row.conflicts += 1;
      if (row.state === "done") done.update(row);
    },
    nextWork() {
      const [pending, leased] = [live.pending.peek(), live.leased.peek()];
      if (pending === undefined || leased === undefined) return pending ?? leased;
      return leased.dueAtMs < pending.dueAtMs ? leased : pending;
    },
    nextPoll: live.expected.peek,
    count: (state) => (state === "done" ? done : state === "dead" ? dead : live[state]).size(),
    each(state, visit) {
      const nowMs = clock();
      if (state === "done") {
        done.each((jobId, atMs) => atMs + doneTtlMs > nowMs && visit(jobId, atMs));
      } else if (state === "dead") {
        dead.each(({ jobId, settledAtMs: atMs = 0 }) => {
          if (atMs + deadTtlMs > nowMs) visit(jobId, atMs);
        });
      } else {
        for (const row of live[state].items()) visit(row.jobId, row.dueAtMs);
      }
    },
    oldestReceivedAtMs() {
      let oldestMs = Infinity;
      for (const heap of [live.pending, live.leased]) {
        for (const { receivedAtMs } of heap.items()) {
          oldestMs = Math.min(oldestMs, receivedAtMs ?? Infinity);
        }
      }
      return oldestMs;
    },
    prune(limit) {
      const expired = done.oldest(clock() - doneTtlMs, limit);
      for (const jobId of expired) done.remove(jobId);
      return expired.length + pruneDead(limit - expired.length);
    },
  };
}
