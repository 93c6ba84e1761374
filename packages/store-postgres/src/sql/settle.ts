import { AMONG_THEM, idOf } from "./columns.ts";
import { inMs, NOW } from "./time.ts";

// With `=` instead of LIKE the planner could read the index of all leased and pending rows.
const OURS = "r.job_id = came.job_id AND r.fence = came.fence AND r.state LIKE 'leased'";

/**
 * Ends or extends leases, each of another job, whose fence is the newest. Parameter: a JSON array.
 */
export function settleSql(jobs: string) {
  const came = `
WITH came AS MATERIALIZED (
  SELECT d.* FROM json_to_recordset($1::text::json) AS d (job_id text COLLATE "C", fence integer,
    ends text, due_in_ms float8, error text, frees boolean, drops boolean, payload text,
    fingerprint text)
)`;
  const update = (from: string, where: string): string => `
UPDATE ${jobs} AS r SET
  state = CASE ends WHEN 'done' THEN ends WHEN 'dead' THEN ends WHEN 'extend' THEN 'leased'
    ELSE 'pending' END,
  due_at = ${inMs("due_in_ms")},
  settled_at = CASE WHEN ends IN ('done', 'dead') THEN ${NOW} END,
  error = CASE WHEN ends <> 'done' THEN coalesce(came.error, r.error) END,
  attempts = CASE ends WHEN 'release' THEN r.attempts - 1 ELSE r.attempts END,
  owner = CASE ends WHEN 'extend' THEN r.owner END,
  payload = CASE WHEN drops IS NOT TRUE THEN coalesce(came.payload, r.payload) END,
  fingerprint = CASE WHEN frees IS NOT TRUE THEN coalesce(came.fingerprint, r.fingerprint) END,
  binding = CASE WHEN frees IS NOT TRUE OR r.expected THEN r.binding END
FROM ${from}
WHERE ${where}
RETURNING ${idOf("r")} AS id`;

  const free = `, free AS MATERIALIZED (
  SELECT r.ctid AS place, came.* FROM ${jobs} AS r JOIN came ON ${AMONG_THEM} AND ${OURS}
  FOR UPDATE OF r SKIP LOCKED
)`;
  return {
    /** Waits for a row that a transaction has locked. */
    waiting: came + update("came", OURS),
    /**
     * Skips locked rows, so that they block no other row, and no batch blocks another. It finds the
     * rows by their places, because nobody can move a row that it has locked.
     */
    passing: came + free + update("free AS came", "r.ctid = came.place"),
    /**
     * Settles only within the transaction whose id is the second parameter. A row that was written
     * by a transaction in progress is visible to that transaction only. This shows whether the job
     * was already settled in it.
     */
    inTransaction: `${came}, settled AS (${update("came", `${OURS} AND txid_current()::text = $2`)})
SELECT txid_current()::text <> $2 AS outside, EXISTS (SELECT FROM settled) AS settled,
  EXISTS (
    SELECT FROM ${jobs} AS r JOIN came ON ${AMONG_THEM} AND r.fence = came.fence AND r.state = 'done'
    WHERE txid_status((txid_current() & ~4294967295::bigint) | r.xmin::text::bigint) = 'in progress'
  ) AS already`,
  };
}
