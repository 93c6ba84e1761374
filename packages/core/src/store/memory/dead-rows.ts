import type { Row } from "./row.ts";

/** The kinds of dead rows, in the order in which a full store drops them. */
const KINDS = ["freed", "unrecognized", "never_delivered", "attempts_exhausted"] as const;

export type DeadKind = (typeof KINDS)[number];

/** A freed row has no trusted result. Only a row whose attempts are exhausted has a true one. */
export function kindOf({ fingerprint, error }: Row): DeadKind {
  if (fingerprint !== undefined) return "attempts_exhausted";
  return error === "unrecognized" || error === "never_delivered" ? error : "freed";
}

/** The dead rows of a table, in the order in which a full store drops them. */
export interface DeadRows {
  size(): number;
  /** Adds a row as the youngest of its kind. */
  add(row: Row): void;
  /** Removes a row, even if its kind has changed since `add`. */
  remove(row: Row): void;
  /** The row to drop first. With `upTo`, only a row of that kind or of a kind before it. */
  first(upTo?: DeadKind): Row | undefined;
  /** The oldest row of each kind. */
  oldest(): Row[];
  /** Calls `visit` for each row, the youngest of its kind first. */
  each(visit: (row: Row) => void): void;
}

export function createDeadRows(): DeadRows {
  // A set keeps the order in which its rows were added.
  const byKind = KINDS.map((kind) => ({ kind, rows: new Set<Row>() }));
  const sets = new Map<DeadKind, Set<Row>>(byKind.map(({ kind, rows }) => [kind, rows]));
  const oldestOf = (rows: Set<Row>): Row | undefined => rows.values().next().value;
  let size = 0;
  return {
    size: () => size,
    add(row) {
      sets.get(kindOf(row))?.add(row);
      size += 1;
    },
    remove(row) {
      // New rows come here too. Most stores hold no dead row at all, so they skip the search.
      if (size > 0 && byKind.some(({ rows }) => rows.delete(row))) size -= 1;
    },
    first(upTo = "attempts_exhausted") {
      const kinds = byKind.slice(0, KINDS.indexOf(upTo) + 1);
      for (const { rows } of kinds) if (rows.size > 0) return oldestOf(rows);
      return undefined;
    },
    oldest: () => byKind.flatMap(({ rows }) => oldestOf(rows) ?? []),
    each(visit) {
      for (const { rows } of byKind) for (const row of [...rows].toReversed()) visit(row);
    },
  };
}
