import { AMONG_THEM, EXPIRED, idOf, LEASE_HEAD } from "./columns.ts";
import { inMs, NOW } from "./time.ts";

/** Compares a delivery with the row `r` of its job. The order of the cases matters. */
const verdict = (came: string): string => `CASE
      WHEN ${EXPIRED} THEN 'new'
      WHEN r.binding <> ${came}.binding THEN 'conflict'
      WHEN r.fingerprint = ${came}.fingerprint THEN 'duplicate'
      WHEN r.fingerprint IS NOT NULL AND ${came}.fingerprint IS NULL THEN 'duplicate'
      WHEN left(r.fingerprint, 1) <> left(${came}.fingerprint, 1) THEN 'duplicate'
      WHEN r.fingerprint IS NOT NULL THEN 'conflict'
      WHEN ${came}.fingerprint IS NOT NULL THEN 'taken'
      WHEN r.state = 'expected' THEN 'poll'
      WHEN r.state = 'dead' AND r.payload IS DISTINCT FROM ${came}.payload THEN 'parked'
      ELSE 'duplicate'
    END`;

/**
 * The deliveries of a batch. `leased` is true for a delivery that asks for a lease and may get it.
 */
const CAME = `SELECT d.*, d.fingerprint IS NOT NULL AND d.lease_ms > 0 AS leased
  FROM json_to_recordset($1::text::json) AS d (job_id text COLLATE "C", fingerprint text, payload text,
    source text, binding text, owner text, lease_ms float8, copies integer)`;

/**
 * Inserts the deliveries in the order of ids, so that two batches cannot deadlock. The caller adds
 * what to do with an existing row.
 */
const insertSql = (jobs: string, from: string): string => `
  INSERT INTO ${jobs} AS r (job_id, state, fingerprint, payload, source, binding, owner, error,
    fence, attempts, received_at, settled_at, due_at)
  SELECT job_id,
    CASE WHEN fingerprint IS NULL THEN 'dead' WHEN leased THEN 'leased' ELSE 'pending' END,
    fingerprint, payload, source, binding,
    CASE WHEN leased THEN owner END,
    CASE WHEN fingerprint IS NULL THEN 'unrecognized' END,
    leased::integer, leased::integer, ${NOW},
    CASE WHEN fingerprint IS NULL THEN ${NOW} END,
    CASE WHEN fingerprint IS NULL THEN ${inMs("$2")} WHEN leased THEN ${inMs("lease_ms")} ELSE ${NOW} END
  FROM ${from}
  ORDER BY job_id
  ON CONFLICT (job_id) DO `;

const NOT_KNOWN = `came
  WHERE NOT EXISTS (SELECT FROM known WHERE known.id = ${idOf("came")})`;

/**
 * An insert waits for a transaction that has changed the row, so it gets no known jobs. The planner
 * makes no join of this subquery, so it finds the rows by id, even if it considers the table small.
 */
const notIn = (jobs: string): string => `(${CAME}) AS came
  WHERE (SELECT true FROM ${jobs} AS known WHERE known.job_id = came.job_id) IS NULL`;

/**
 * Ingests many deliveries, each of another job, in two statements of one transaction. Parameters:
 * the deliveries as a JSON array, the retention of dead rows.
 */
export const ingestSql = (jobs: string) => ({
  /**
   * Inserts the jobs that have no row, and selects their ids. It neither locks nor changes an
   * existing row, and does not wait for a transaction that has changed one, as `settleIn` does. Most
   * jobs have no row, so this statement does little more than an insert.
   */
  insertNew: `
WITH written AS (${insertSql(jobs, notIn(jobs))}NOTHING
  RETURNING r.job_id
)
SELECT array_agg(written.job_id) FROM written`,
  /**
   * Ingests the other deliveries, and selects the rows of all. `fresh` is the answer of the
   * statement before. A conflict counts once for each copy of the delivery.
   *
   * If the statement's snapshot shows that a delivery is a duplicate, or that it was just inserted,
   * the statement answers from the snapshot. It locks nothing, because a lock would cost a commit
   * record. It compares the other deliveries with the latest version of the row. It has no answer
   * for a duplicate of a row that another connection has just committed, so the caller asks again.
   */
  compare: `
WITH came AS MATERIALIZED (
  ${CAME}
), known AS MATERIALIZED (
  SELECT coalesce(r.job_id = ANY (fresh), false) AS written, r.state, ${LEASE_HEAD}
  FROM came JOIN ${jobs} AS r ON r.job_id = came.job_id
  WHERE ${AMONG_THEM} AND ${verdict("came")} = 'duplicate'
), written AS (${insertSql(jobs, NOT_KNOWN)}UPDATE SET (
    state, fingerprint, payload, source, error, owner, received_at, settled_at,
    due_at, binding, fence, attempts, conflicts, polls, expected, give_up_after, give_up_at
  ) = (
    SELECT
      CASE WHEN takes THEN excluded.state ELSE r.state END,
      CASE WHEN takes THEN excluded.fingerprint ELSE r.fingerprint END,
      CASE WHEN takes THEN excluded.payload ELSE r.payload END,
      CASE WHEN takes THEN excluded.source ELSE r.source END,
      CASE WHEN takes THEN excluded.error ELSE r.error END,
      CASE WHEN takes THEN excluded.owner ELSE r.owner END,
      CASE WHEN takes THEN excluded.received_at ELSE r.received_at END,
      CASE WHEN takes THEN excluded.settled_at ELSE r.settled_at END,
      CASE WHEN takes THEN excluded.due_at WHEN is_a = 'poll' THEN ${NOW} ELSE r.due_at END,
      CASE is_a WHEN 'new' THEN excluded.binding WHEN 'taken' THEN coalesce(r.binding, excluded.binding)
        WHEN 'parked' THEN coalesce(r.binding, excluded.binding) ELSE r.binding END,
      CASE is_a WHEN 'new' THEN excluded.fence WHEN 'taken' THEN r.fence + excluded.fence ELSE r.fence END,
      CASE WHEN is_a IN ('new', 'taken') THEN excluded.attempts ELSE r.attempts END,
      CASE is_a WHEN 'new' THEN 0 WHEN 'conflict' THEN r.conflicts +
        (SELECT copies FROM came WHERE came.job_id = r.job_id) ELSE r.conflicts END,
      CASE WHEN is_a = 'new' THEN 0 ELSE r.polls END,
      is_a <> 'new' AND r.expected,
      CASE WHEN is_a <> 'new' THEN r.give_up_after END,
      CASE WHEN is_a <> 'new' THEN r.give_up_at END
    FROM (SELECT is_a, is_a IN ('new', 'taken', 'parked') AS takes
      FROM (SELECT ${verdict("excluded")} AS is_a OFFSET 0) AS judged OFFSET 0) AS judged
  )
  WHERE ${verdict("excluded")} <> 'duplicate'
  RETURNING true AS written, r.state, ${LEASE_HEAD}
)
SELECT * FROM known UNION ALL SELECT * FROM written`,
});
