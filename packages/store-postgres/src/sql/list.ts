import type { JobState, ListOptions } from "@abstrakt-webhooks/core";
import { orderOf, positionOf } from "@abstrakt-webhooks/core/store";
import type { Value } from "../query.ts";
import { DUE, EXPIRED, RECORD_HEAD, SETTLED } from "./columns.ts";
import { fromMicroseconds, NOW } from "./time.ts";

interface ListSql {
  readonly text: string;
  readonly values: readonly Value[];
}

/**
 * Reads a page of rows, and one row more. The first page of a state has no parameters, so that pg
 * sends it as one message.
 *
 * @throws AbstraktWebhookError `invalid_options` when `after` is not of this list.
 */
export function listSql(jobs: string, o: ListOptions): ListSql {
  const position = positionOf(o);
  const values: Value[] = [];
  const bind = (value: Value): string => `$${values.push(value)}`;
  const where = [o.state === undefined ? `NOT ${EXPIRED}` : OF_STATE[o.state]];
  if (o.prefix) where.push(`r.job_id LIKE ${bind(`${escapeLike(o.prefix)}%`)}::text`);

  const order = ORDERS[orderOf(o)];
  if (position !== undefined) {
    const { at, jobId } = position;
    where.push(
      order.at === undefined
        ? `r.job_id > ${bind(jobId)}::text`
        : `(${order.at}, r.job_id) ${order.behind} (${fromMicroseconds(bind(at))}, ${bind(jobId)}::text)`,
    );
  }
  const columns = [RECORD_HEAD, ...order.columns];
  if (o.payloads !== false) columns.push("r.payload");
  const text = `
SELECT ${columns.join(", ")} FROM ${jobs} AS r
WHERE ${where.join(" AND ")}
ORDER BY ${order.by} LIMIT ${Number(o.limit) + 1}`;
  return { text, values };
}

const KEPT = `r.due_at > ${NOW}`;

/** The rows of a state that are not expired. The state implies the condition of an index. */
const OF_STATE: Readonly<Record<JobState, string>> = {
  expected: "r.state = 'expected'",
  pending: "r.state = 'pending'",
  leased: "r.state = 'leased'",
  done: `r.state = 'done' AND ${KEPT}`,
  dead: `r.state = 'dead' AND ${KEPT}`,
};

const ORDERS = {
  id: { at: undefined, behind: ">", by: "r.job_id", columns: [SETTLED, DUE] },
  due: { at: "r.due_at", behind: ">", by: "r.due_at, r.job_id", columns: [DUE] },
  settled: {
    at: "r.settled_at",
    behind: "<",
    by: "r.settled_at DESC, r.job_id DESC",
    columns: [SETTLED],
  },
} as const;

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, "\\$&");
