import { NOW, toEpochMs, untilMs } from "./time.ts";

// Results go by single words, so that a client that rewrites column names finds nothing to rewrite.

/**
 * A job id behind a letter that `row.ts` takes off again: PGlite drops a byte order mark where a text
 * begins with one.
 */
export const idOf = (row: string): string => `'=' || ${row}.job_id`;

/** What a lease is made of, payload and source apart. */
export const LEASE_HEAD = `${idOf("r")} AS id, r.fence, r.attempts, r.binding, r.fingerprint, r.expected,
    ${toEpochMs("r.received_at")} AS received`;

export const LEASE = `${LEASE_HEAD}, r.payload, r.source, r.error = 'lease_lost' AS lost`;

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

/** True for a row whose retention is over: it counts as absent until it is pruned. */
export const EXPIRED = `(r.state IN ('done', 'dead') AND r.due_at <= ${NOW})`;

/**
 * True for a row that is named in `came`. A join alone says as much, but by this the rows are looked
 * up by id, however small the planner takes the table to be.
 */
export const AMONG_THEM = "r.job_id = ANY (ARRAY(SELECT job_id FROM came))";
