// All statements of a store, for SQLite and for D1. Parameters are anonymous `?`, because
// better-sqlite3 refuses numbered parameters that repeat. Few statements have RETURNING, because it
// doubles the cost of a short statement.

/** The table of jobs. */
export const TABLE = "abstrakt_jobs";

/** A row that waits for its callback or is leased. The partial index needs this exact text. */
export const WORK = "state IN ('pending', 'leased')";
/** A row that waits for a poll or is being polled. */
export const POLL = "state = 'expected'";
/** A row whose retention has not ended. Binds: done before, dead before. */
export const KEPT = "(settled_at IS NULL OR settled_at > iif(state = 'done', ?, ?))";

/** The row of one job. Binds: namespace, job id. */
export const ONE = "namespace = ? AND job_id = ?";
/** The columns of a record or a lease. */
export const COLUMNS =
  "job_id, state, fingerprint, payload, source, binding, error, fence, attempts, polls, conflicts, expected, due_at, received_at, settled_at, give_up_at";

/** Removes a row whose retention has ended. Binds: namespace, job id, done before, dead before. */
export const FORGET = `DELETE FROM ${TABLE} WHERE ${ONE} AND NOT ${KEPT}`;

/** Binds: namespace, job id, done before, dead before. */
export const STATE = `SELECT state FROM ${TABLE} WHERE ${ONE} AND ${KEPT}`;

// In DO UPDATE a column's bare name means its value before the update.

/** Another fingerprint of the same version. Fingerprints of two versions cannot be compared. */
const OTHER_RESULT = `(fingerprint <> excluded.fingerprint
    AND substr(fingerprint, 1, 1) = substr(excluded.fingerprint, 1, 1))`;
/** Both sides have a binding, and the bindings differ. NULL, so not true, when one has none. */
const OTHER_BINDING = "binding <> excluded.binding";
const REFUSED = `(fingerprint IS NOT NULL OR ifnull(${OTHER_BINDING}, 0))`;
const PARKABLE = `(state = 'dead' AND NOT ifnull(${OTHER_BINDING}, 0))`;
const OPEN = "fingerprint IS NULL";
const RESCHEDULED = `(${OPEN} AND state <> 'expected')`;

/** Sets columns to their new values if a condition on the row is true. */
const takeOver = (columns: string, where: string): string =>
  columns.replace(/\w+/g, (column) => `${column} = iif(${where}, excluded.${column}, ${column})`);

/** The columns that an ingest writes for a result. */
export const RESULT =
  "namespace, job_id, state, fingerprint, payload, source, binding, fence, attempts, due_at, received_at";

/**
 * Stores a result, or counts a conflict. For a duplicate, and for a row that `FORGET` must remove
 * first, it writes nothing and returns no row. Binds: the columns of `RESULT`, the columns of
 * `own`, done before, dead before. Fence and attempts are 1 for a leased row, 0 for one that is
 * only stored.
 *
 * @param own columns that only one store has, such as `", claim"`.
 */
export const take = (own = ""): string => `INSERT INTO ${TABLE} (${RESULT}${own})
  VALUES (${(RESULT + own).replace(/\w+/g, "?")})
  ON CONFLICT (namespace, job_id) DO UPDATE SET
    ${takeOver(`state, fingerprint, payload, source, error, attempts, due_at, received_at, settled_at${own}`, `NOT ${REFUSED}`)},
    binding = ifnull(binding, iif(${REFUSED}, NULL, excluded.binding)),
    fence = fence + iif(${REFUSED}, 0, excluded.fence),
    conflicts = conflicts + ${REFUSED}
  WHERE ${KEPT} AND (${OPEN} OR ${OTHER_RESULT} OR ${OTHER_BINDING})
  RETURNING state, fingerprint, binding, fence, attempts, expected`;

/**
 * Parks a payload that is not recognised, as a dead letter. If the job is expected, its poll
 * becomes due instead. It returns no row when `take` would return none. Binds: namespace, job id,
 * payload, source, binding, error, received at, settled at, done before, dead before.
 */
export const PARK = `INSERT INTO ${TABLE}
  (namespace, job_id, state, payload, source, binding, error, received_at, settled_at)
  VALUES (?, ?, 'dead', ?, ?, ?, ?, ?, ?)
  ON CONFLICT (namespace, job_id) DO UPDATE SET
    ${takeOver("payload, source, error, received_at, settled_at", PARKABLE)},
    binding = ifnull(binding, iif(${PARKABLE}, excluded.binding, NULL)),
    due_at = iif(state = 'expected' AND NOT ifnull(${OTHER_BINDING}, 0), excluded.received_at, due_at),
    conflicts = conflicts + ifnull(${OTHER_BINDING}, 0)
  WHERE ${KEPT} AND (${OTHER_BINDING} OR (fingerprint IS NULL
    AND (state = 'expected' OR (state = 'dead' AND payload IS NOT excluded.payload))))
  RETURNING state, fingerprint, binding, fence, attempts, expected`;

const due = (column: string, which: string): string =>
  `SELECT ${column} FROM ${TABLE} WHERE namespace = ? AND ${which} AND due_at <= ? ORDER BY due_at, rowid LIMIT ?`;
/** An error that says already that a lease was lost. */
const LOST = "(error = 'lease_lost' OR error GLOB 'lease_lost; before: *')";
// Expressions read the values before the update.
const LEASED = `state = 'leased', fence = fence + 1, attempts = attempts + 1,
  error = iif(state <> 'leased' OR ${LOST}, error, ifnull('lease_lost; before: ' || error, 'lease_lost')),
  due_at = ?`;

/**
 * Selects the ids in order, because RETURNING returns rows in any order. Binds: namespace, now,
 * limit.
 */
export const DUE_WORK = due("job_id", WORK);
/** Binds: lease until, and what `DUE_WORK` binds. */
export const LEASE_WORK = `UPDATE ${TABLE} SET ${LEASED} WHERE rowid IN (${due("rowid", WORK)}) RETURNING ${COLUMNS}`;
/** Binds: lease until, namespace, job id, now. */
export const LEASE_ONE = `UPDATE ${TABLE} SET ${LEASED}
  WHERE ${ONE} AND (state = 'pending' OR (state = 'leased' AND due_at <= ?)) RETURNING ${COLUMNS}`;

const PENDING = "state = 'pending'";
const settle = (set: string): string =>
  `UPDATE ${TABLE} SET ${set} WHERE ${ONE} AND state = 'leased' AND fence = ?`;

/**
 * Each also binds, at the end: namespace, job id, fence. A lease with an older fence changes
 * nothing.
 */
export const SETTLE = {
  /** Binds: settled at, fingerprint or null, whether to keep a payload, payload or null. */
  done: settle(
    `state = 'done', settled_at = ?, due_at = NULL, error = NULL,
     fingerprint = ifnull(?, fingerprint), payload = iif(?, ifnull(?, payload), NULL)`,
  ),
  /** Binds: settled at, error. */
  dead: settle("state = 'dead', settled_at = ?, due_at = NULL, error = ?"),
  /** Binds: settled at, error. */
  free: settle(
    `state = 'dead', settled_at = ?, due_at = NULL, error = ?,
     fingerprint = NULL, binding = iif(expected, binding, NULL)`,
  ),
  /** Binds: due at, error. */
  retry: settle(`${PENDING}, due_at = ?, error = ?`),
  /** Binds: due at, error or null. */
  release: settle(`${PENDING}, due_at = ?, error = ifnull(?, error), attempts = attempts - 1`),
  /** Binds: due at. */
  extend: settle("due_at = ?"),
} as const;

/** Changes no row. Fails if the table is missing or the database takes no writes. */
export const READY = `UPDATE ${TABLE} SET due_at = due_at WHERE FALSE`;

/** Binds: namespace, job id, done before, dead before. */
export const GET = `SELECT ${COLUMNS} FROM ${TABLE} WHERE ${ONE} AND ${KEPT}`;

/** Binds: namespace, namespace. */
export const NEXT_DUE = `SELECT min(due_at) AS due_at FROM (
  SELECT min(due_at) AS due_at FROM ${TABLE} WHERE namespace = ? AND ${WORK}
  UNION ALL SELECT min(due_at) FROM ${TABLE} WHERE namespace = ? AND ${POLL})`;

/** Binds: namespace, done before, namespace, dead before, limit. */
export const PRUNE = `DELETE FROM ${TABLE} WHERE rowid IN (
  SELECT rowid FROM ${TABLE} WHERE namespace = ? AND state = 'done' AND settled_at <= ?
  UNION ALL SELECT rowid FROM ${TABLE} WHERE namespace = ? AND state = 'dead' AND settled_at <= ?
  LIMIT ?)`;

/**
 * Writes the row of a submitted job. Its binding replaces an earlier one while the row has no
 * result.
 * Binds: namespace, job id, binding, due at, give up after, give up at.
 */
export const EXPECT = `INSERT INTO ${TABLE}
  (namespace, job_id, state, expected, binding, due_at, give_up_after, give_up_at)
  VALUES (?, ?, 'expected', 1, ?, ?, ?, ?)
  ON CONFLICT (namespace, job_id) DO UPDATE SET
    expected = 1,
    conflicts = conflicts + (NOT ${OPEN} AND ifnull(${OTHER_BINDING}, 0)),
    binding = iif(${OPEN}, ifnull(excluded.binding, binding), binding),
    ${takeOver("state, error, due_at, settled_at, give_up_after, give_up_at", RESCHEDULED)}
  RETURNING fingerprint IS NOT NULL AS arrived, binding`;

/** Binds: namespace, now, limit. */
export const DUE_POLLS = due("job_id", POLL);
/** Binds: lease until, and what `DUE_POLLS` binds. */
export const LEASE_POLLS = `UPDATE ${TABLE} SET fence = fence + 1, polls = polls + 1, due_at = ?
  WHERE rowid IN (${due("rowid", POLL)}) RETURNING ${COLUMNS}`;

/** Binds: due at, namespace, job id, fence. */
export const POLL_AGAIN = `UPDATE ${TABLE} SET due_at = ? WHERE ${ONE} AND ${POLL} AND fence = ?`;
/** Binds: settled at, error, namespace, job id, fence. */
export const POLL_GIVE_UP = `UPDATE ${TABLE} SET state = 'dead', settled_at = ?, error = ?, due_at = NULL
  WHERE ${ONE} AND ${POLL} AND fence = ?`;

/**
 * Redrives a dead row. A row without a payload becomes expected. Binds: now, now, namespace, job
 * id, dead before.
 */
export const REDRIVE = `UPDATE ${TABLE} SET state = iif(payload IS NULL, 'expected', 'pending'),
  attempts = 0, settled_at = NULL, due_at = ?,
  give_up_at = iif(payload IS NULL, ? + give_up_after, give_up_at)
  WHERE ${ONE} AND state = 'dead' AND settled_at > ?`;

/** Binds: namespace, namespace, namespace, done before, namespace, dead before. */
export const STATS = `SELECT state, count(*) AS rows, min(received_at) AS oldest
    FROM ${TABLE} INDEXED BY ${TABLE}_work WHERE namespace = ? AND ${WORK} GROUP BY state
  UNION ALL SELECT 'expected', count(*), NULL FROM ${TABLE} INDEXED BY ${TABLE}_poll WHERE namespace = ? AND ${POLL}
  UNION ALL SELECT 'done', count(*), NULL FROM ${TABLE} WHERE namespace = ? AND state = 'done' AND settled_at > ?
  UNION ALL SELECT 'dead', count(*), NULL FROM ${TABLE} WHERE namespace = ? AND state = 'dead' AND settled_at > ?`;
