import { inMs, NOW } from "./time.ts";

/** Ends a lease or a poll, unless it is no longer ours. Parameters from `$3` on belong to `set`. */
const settle = (jobs: string, from: string, set: string): string => `
UPDATE ${jobs} AS r SET ${set}
WHERE r.job_id = $1 AND r.fence = $2::integer AND r.state = '${from}'
RETURNING r.job_id AS id`;

/** Each way to end or extend a lease, by its name. */
export function settleSql(jobs: string, keepPayload: boolean) {
  const payload = `CASE WHEN ${keepPayload} THEN coalesce($4, r.payload) END`;
  const dead = `state = 'dead', settled_at = ${NOW}, due_at = ${inMs("$3")}, error = $4`;
  return {
    /** Parameters: job id, fence, retention, payload and fingerprint of a confirmed result. */
    done: settle(
      jobs,
      "leased",
      `state = 'done', settled_at = ${NOW}, due_at = ${inMs("$3")}, error = NULL, owner = NULL,
  payload = ${payload}, fingerprint = coalesce($5, r.fingerprint)`,
    ),
    /** Parameters: job id, fence, retention, error. */
    dead: settle(jobs, "leased", `${dead}, owner = NULL`),
    /** Parameters: job id, fence, retention, error. */
    free: settle(
      jobs,
      "leased",
      `${dead}, owner = NULL, fingerprint = NULL, binding = CASE WHEN r.expected THEN r.binding END`,
    ),
    /** Parameters: job id, fence, delay, error. */
    retry: settle(
      jobs,
      "leased",
      `state = 'pending', due_at = ${inMs("$3")}, error = $4, owner = NULL`,
    ),
    /** Parameters: job id, fence. */
    release: settle(
      jobs,
      "leased",
      `state = 'pending', due_at = ${NOW}, attempts = r.attempts - 1, owner = NULL`,
    ),
    /** Parameters: job id, fence, lease. */
    extend: settle(jobs, "leased", `due_at = ${inMs("$3")}`),
    /** Parameters: job id, fence, delay. */
    pollAgain: settle(jobs, "expected", `due_at = ${inMs("$3")}`),
    /** Parameters: job id, fence, retention, error. */
    giveUp: settle(jobs, "expected", dead),
  };
}
