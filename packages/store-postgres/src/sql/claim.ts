import { LEASE, LOST, POLL } from "./columns.ts";
import { inMs, NOW } from "./time.ts";

/**
 * Updates the rows that are due, the earliest first, and skips rows that another claim has locked.
 * A separate CTE locks the rows, so that the statement keeps to the limit. PostgreSQL checks the
 * conditions again on a locked row, so two claims never lease the same row.
 */
const takeDue = (o: {
  jobs: string;
  from: string;
  limit: string;
  set: string;
  columns: string;
}) => `
WITH due AS MATERIALIZED (
  SELECT r.job_id, r.due_at FROM ${o.jobs} AS r
  WHERE ${o.from}
  ORDER BY r.due_at LIMIT ${o.limit}::integer FOR UPDATE SKIP LOCKED
), taken AS (
  UPDATE ${o.jobs} AS r SET ${o.set} FROM due WHERE r.job_id = due.job_id
  RETURNING ${o.columns}, due.due_at AS was_due
)
SELECT * FROM taken ORDER BY was_due`;

const LEASED = `state = 'leased', owner = $1, fence = r.fence + 1, attempts = r.attempts + 1,
    error = CASE WHEN r.state <> 'leased' OR ${LOST} THEN r.error
      ELSE coalesce('lease_lost; before: ' || r.error, 'lease_lost') END, due_at = ${inMs("$2")}`;

/** Parameters: owner, lease, limit. */
export const claimSql = (jobs: string): string =>
  takeDue({
    jobs,
    from: `r.state IN ('pending', 'leased') AND r.due_at <= ${NOW}`,
    limit: "$3",
    set: LEASED,
    columns: LEASE,
  });

/**
 * Parameters: owner, lease, job id. It waits for a locked row, because the caller needs this one.
 */
export const claimByIdSql = (jobs: string): string => `
UPDATE ${jobs} AS r SET ${LEASED}
WHERE r.job_id = $3 AND (r.state = 'pending' OR r.state = 'leased' AND r.due_at <= ${NOW})
RETURNING ${LEASE}`;

/** Parameters: lease, limit. */
export const claimPollsSql = (jobs: string): string =>
  takeDue({
    jobs,
    from: `r.state = 'expected' AND r.due_at <= ${NOW}`,
    limit: "$2",
    set: `fence = r.fence + 1, polls = r.polls + 1, due_at = ${inMs("$1")}`,
    columns: POLL,
  });
