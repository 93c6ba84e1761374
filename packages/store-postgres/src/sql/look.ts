import { EXPIRED, RECORD } from "./columns.ts";
import { NOW, untilMs } from "./time.ts";

/** Parameter: job id. */
export const getSql = (jobs: string): string => `
SELECT ${RECORD} FROM ${jobs} AS r WHERE r.job_id = $1 AND NOT ${EXPIRED}`;

/**
 * Reads when the next row is due for a callback or a poll. It reads the first entries of two
 * indexes.
 */
export const nextDueSql = (jobs: string): string => `
SELECT ${untilMs(`least(
  (SELECT min(r.due_at) FROM ${jobs} AS r WHERE r.state IN ('pending', 'leased')),
  (SELECT min(r.due_at) FROM ${jobs} AS r WHERE r.state = 'expected')
)`)} AS due`;

/**
 * Counts rows by state. A state may have several result rows, whose counts add up. Each part has
 * the condition of the index that serves it. One part counts all settled rows by an index alone,
 * and the last part subtracts the expired ones.
 */
export const statsSql = (jobs: string): string => `
SELECT r.state, count(*)::float8 AS count, -${untilMs("min(r.received_at)")} AS age
FROM ${jobs} AS r WHERE r.state IN ('pending', 'leased') GROUP BY r.state
UNION ALL SELECT 'expected', count(*), NULL FROM ${jobs} AS r WHERE r.state = 'expected'
UNION ALL SELECT r.state, count(*), NULL FROM ${jobs} AS r WHERE r.state IN ('done', 'dead') GROUP BY r.state
UNION ALL SELECT r.state, -count(*), NULL FROM ${jobs} AS r WHERE ${EXPIRED} GROUP BY r.state`;

/** Parameter: job id. A dead row without a payload is polled again. */
export const redriveSql = (jobs: string): string => `
UPDATE ${jobs} AS r SET attempts = 0, settled_at = NULL, due_at = ${NOW},
  state = CASE WHEN r.payload IS NULL THEN 'expected' ELSE 'pending' END,
  give_up_at = CASE WHEN r.payload IS NULL THEN ${NOW} + r.give_up_after ELSE r.give_up_at END
WHERE r.job_id = $1 AND r.state = 'dead' AND NOT ${EXPIRED}
RETURNING r.job_id AS id`;

/** Parameter: how many. */
export const pruneSql = (jobs: string): string => `
WITH old AS MATERIALIZED (
  SELECT r.job_id FROM ${jobs} AS r WHERE ${EXPIRED}
  ORDER BY r.due_at LIMIT $1::integer FOR UPDATE SKIP LOCKED
), gone AS (
  DELETE FROM ${jobs} AS r USING old WHERE r.job_id = old.job_id RETURNING 1
)
SELECT count(*)::float8 AS count FROM gone`;
