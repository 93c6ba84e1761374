import { NOW, toEpoch, toEpochMs } from "./time.ts";

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

/** The columns of a record that every list needs. The client computes milliseconds from seconds. */
export const RECORD_HEAD = `${idOf("r")} AS id, r.state, r.fence, r.attempts, r.conflicts, r.source, r.binding,
    r.error, ${toEpoch("r.received_at")} AS received`;

export const SETTLED = `${toEpoch("r.settled_at")} AS settled`;

export const DUE = `${toEpoch("r.due_at")} AS due, ${toEpoch(NOW)} AS now`;

export const RECORD = `${RECORD_HEAD}, r.payload, ${SETTLED}, ${DUE}`;

/** True for a row whose retention has ended. It counts as absent until `prune` deletes it. */
export const EXPIRED = `(r.state IN ('done', 'dead') AND r.due_at <= ${NOW})`;

/**
 * True for a row of a job in `came`, the CTE with the input. A join alone would select the same
 * rows. With this condition the planner finds them by id, even if it considers the table small.
 */
export const AMONG_THEM = "r.job_id = ANY (ARRAY(SELECT job_id FROM came))";
