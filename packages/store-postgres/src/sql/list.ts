import type { ListOptions } from "@abstrakt-webhooks/core";
import { orderOf, positionOf } from "@abstrakt-webhooks/core/store";
import type { Value } from "../query.ts";
import { BARE_RECORD, EXPIRED, RECORD } from "./columns.ts";
import { fromMicroseconds, toMicroseconds } from "./time.ts";

interface ListSql {
  readonly text: string;
  readonly values: readonly Value[];
}

/**
 * Reads a page of rows, and one row more.
 *
 * @throws AbstraktWebhookError `invalid_options` when `after` is not of this list.
 */
export function listSql(jobs: string, o: ListOptions): ListSql {
  const position = positionOf(o);
  const values: Value[] = [];
  const bind = (value: Value): string => `$${values.push(value)}`;
  const where = [`NOT ${EXPIRED}`];
  if (o.state !== undefined) where.push(`${OF_STATE[o.state]}r.state = ${bind(o.state)}::text`);
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
  const columns = o.payloads === false ? BARE_RECORD : RECORD;
  const at = order.at === undefined ? "0" : toMicroseconds(order.at);
  const text = `
SELECT ${columns}, ${at} AS at FROM ${jobs} AS r
WHERE ${where.join(" AND ")}
ORDER BY ${order.by} LIMIT ${bind(o.limit + 1)}::integer`;
  return { text, values };
}

/** The condition of the index that serves the state, in the same words. */
const OF_STATE = {
  expected: "r.state = 'expected' AND ",
  pending: "r.state IN ('pending', 'leased') AND ",
  leased: "r.state IN ('pending', 'leased') AND ",
  done: "r.state IN ('done', 'dead') AND ",
  dead: "r.state IN ('done', 'dead') AND ",
} as const;

const ORDERS = {
  id: { at: undefined, behind: ">", by: "r.job_id" },
  due: { at: "r.due_at", behind: ">", by: "r.due_at, r.job_id" },
  settled: { at: "r.settled_at", behind: "<", by: "r.settled_at DESC, r.job_id DESC" },
} as const;

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, "\\$&");
