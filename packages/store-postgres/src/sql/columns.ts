import { NOW, toEpochMs, untilMs } from "./time.ts";

// Result columns are single words, so a client that rewrites snake_case names does not change them.

/**
 * A job id with `=` before it, which `row.ts` removes. Without it, PGlite drops a byte order mark
 * at the beginning of a text.
 */
export const idOf = (row: string): string => `'=' || ${row}.job_id`;

/** The columns of a lease, except payload and source. */
export const LEASE_HEAD = `${idOf("r")} AS id, r.fence, r.attempts, r.binding, r.fingerprint, r.expected,
    ${toEpochMs("r.received_at")} AS received`;

/** True for an error that says that a lease was lost. */
export const LOST = "(r.error = 'lease_lost' OR starts_with(r.error, 'lease_lost; before: '))";

export const LEASE = `${LEASE_HEAD}, r.payload, r.source, ${LOST} AS lost`;

export const POLL = `${idOf("r")} AS id, r.fence, r.polls, r.binding,
    coalesce(r.give_up_at <= ${NOW}, false) AS overdue`;

const record = (
  payload: string,
): string => `${idOf("r")} AS id, r.state, r.fence, r.attempts, r.conflicts, r.source, r.binding,
    ${payload} AS payload, r.error, ${toEpochMs("r.received_at")} AS received, ${toEpochMs("r.settled_at")} AS settled,
    CASE WHEN r.state NOT IN ('done', 'dead') THEN ${untilMs("r.due_at")} END AS due`;

export const RECORD = record("r.payload");
/** A record without its payload. */
export const BARE_RECORD = record("NULL::text");

/** True for a row whose retention has ended. It counts as absent until `prune` deletes it. */
export const EXPIRED = `(r.state IN ('done', 'dead') AND r.due_at <= ${NOW})`;

/**
 * True for a row of a job in `came`, the CTE with the input. A join alone would select the same
 * rows. With this condition the planner finds them by id, even if it considers the table small.
 */
export const AMONG_THEM = "r.job_id = ANY (ARRAY(SELECT job_id FROM came))";
