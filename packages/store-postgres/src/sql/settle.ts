import { AMONG_THEM, idOf } from "./columns.ts";
import { inMs, NOW } from "./time.ts";

// LIKE, since `=` would let the planner read all that is leased or waits instead of the rows by id.
const OURS = "r.job_id = came.job_id AND r.fence = came.fence AND r.state LIKE 'leased'";

/** Ends or extends leases, each of another job, that are still ours. Parameter: a JSON array. */
export function settleSql(jobs: string) {
  const settle = (o: { with: string; and: string }): string => `
WITH came AS MATERIALIZED (
  SELECT d.* FROM json_to_recordset($1::text::json) AS d (job_id text COLLATE "C", fence integer,
    ends text, due_in_ms float8, error text, frees boolean, drops boolean, payload text,
    fingerprint text)
)${o.with}
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
FROM came
WHERE ${OURS}${o.and}
RETURNING ${idOf("r")} AS id`;

  const free = `, free AS MATERIALIZED (
  SELECT r.job_id FROM ${jobs} AS r JOIN came ON ${AMONG_THEM} AND ${OURS}
  FOR UPDATE OF r SKIP LOCKED
)`;
  return {
    /** Waits for a row that a transaction holds. */
    waiting: settle({ with: "", and: "" }),
    /** Passes such rows by, so that none of them holds up the others, nor two batches each other. */
    passing: settle({ with: free, and: " AND r.job_id IN (SELECT job_id FROM free)" }),
  };
}
