import { EXPIRED } from "./columns.ts";
import { duration, inMs, NOW } from "./time.ts";

/** True for a row that becomes expected: it has no result, and is not expected yet. */
const BECOMES_EXPECTED = `(${EXPIRED} OR r.fingerprint IS NULL AND r.state <> 'expected')`;

/**
 * Parameters: job id, binding, delay of the first poll, time until giving up. The binding replaces
 * an earlier one while the row has no result.
 */
export const expectSql = (jobs: string): string => `
INSERT INTO ${jobs} AS r (job_id, state, expected, binding, due_at, give_up_after, give_up_at)
VALUES ($1, 'expected', true, $2, ${inMs("$3")}, ${duration("$4")}, ${inMs("$4")})
ON CONFLICT (job_id) DO UPDATE SET
  expected = true,
  binding = CASE WHEN ${EXPIRED} THEN excluded.binding WHEN r.fingerprint IS NULL
    THEN coalesce(excluded.binding, r.binding) ELSE r.binding END,
  state = CASE WHEN ${BECOMES_EXPECTED} THEN 'expected' ELSE r.state END,
  error = CASE WHEN NOT ${BECOMES_EXPECTED} THEN r.error END,
  settled_at = CASE WHEN NOT ${BECOMES_EXPECTED} THEN r.settled_at END,
  due_at = CASE WHEN ${BECOMES_EXPECTED} THEN excluded.due_at ELSE r.due_at END,
  give_up_after = CASE WHEN ${BECOMES_EXPECTED} THEN excluded.give_up_after ELSE r.give_up_after END,
  give_up_at = CASE WHEN ${BECOMES_EXPECTED} THEN excluded.give_up_at ELSE r.give_up_at END,
  owner = CASE WHEN NOT ${BECOMES_EXPECTED} THEN r.owner END,
  fingerprint = CASE WHEN NOT ${EXPIRED} THEN r.fingerprint END,
  payload = CASE WHEN NOT ${EXPIRED} THEN r.payload END,
  source = CASE WHEN NOT ${EXPIRED} THEN r.source END,
  received_at = CASE WHEN NOT ${EXPIRED} THEN r.received_at END,
  fence = CASE WHEN ${EXPIRED} THEN 0 ELSE r.fence END,
  attempts = CASE WHEN ${EXPIRED} THEN 0 ELSE r.attempts END,
  polls = CASE WHEN ${EXPIRED} THEN 0 ELSE r.polls END,
  conflicts = CASE WHEN ${EXPIRED} THEN 0
    WHEN r.fingerprint IS NOT NULL AND r.binding <> excluded.binding THEN r.conflicts + 1
    ELSE r.conflicts END
RETURNING CASE WHEN r.fingerprint IS NULL THEN 'expected' WHEN r.binding <> $2 THEN 'contested'
  ELSE 'arrived' END AS answer`;

/** Ends a poll if its fence is still the newest. */
const settlePoll = (jobs: string, set: string): string => `
UPDATE ${jobs} AS r SET ${set}
WHERE r.job_id = $1 AND r.fence = $2::integer AND r.state = 'expected'
RETURNING r.job_id AS id`;

/** Parameters: job id, fence, delay. */
export const pollAgainSql = (jobs: string): string => settlePoll(jobs, `due_at = ${inMs("$3")}`);

/** Parameters: job id, fence, retention, error. */
export const giveUpSql = (jobs: string): string =>
  settlePoll(jobs, `state = 'dead', settled_at = ${NOW}, due_at = ${inMs("$3")}, error = $4`);
