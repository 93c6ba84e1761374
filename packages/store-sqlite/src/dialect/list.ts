import type { JobState, ListOptions } from "@abstrakt-webhooks/core";
import { orderOf, positionOf } from "@abstrakt-webhooks/core/store";
import { COLUMNS, KEPT, POLL, TABLE, WORK } from "./sql.ts";
import type { BoundStatement, SqliteValue } from "./statements.ts";

/** The condition on the state. It has the words of the index that serves it, as SQLite requires. */
const OF_STATE: Record<JobState, string> = {
  expected: POLL,
  pending: `${WORK} AND state = 'pending'`,
  leased: `${WORK} AND state = 'leased'`,
  done: "state = 'done'",
  dead: "state = 'dead'",
};

/**
 * Reads a page of rows, and one row more. `kept` is "done before, dead before".
 *
 * @throws AbstraktWebhookError `invalid_options` when `after` is not of this list.
 */
export function listStatement(
  namespace: string,
  o: ListOptions,
  kept: readonly [doneBeforeMs: number, deadBeforeMs: number],
): BoundStatement {
  const { where, order, values, index } = pageOfOrder(o, kept);
  const columns =
    o.payloads === false ? COLUMNS.replace(", payload,", ", NULL AS payload,") : COLUMNS;
  const from = index === undefined ? TABLE : `${TABLE} INDEXED BY ${TABLE}_${index}`;
  const sql = `SELECT ${columns} FROM ${from} WHERE namespace = ? AND ${where} ORDER BY ${order} LIMIT ?`;
  return [sql, namespace, ...values, o.limit + 1];
}

interface Page {
  readonly where: string;
  readonly values: readonly SqliteValue[];
  readonly order: string;
  /** The index to use. With another one, SQLite might read a million rows of other states. */
  readonly index?: string;
}

function pageOfOrder(
  o: ListOptions,
  kept: readonly [doneBeforeMs: number, deadBeforeMs: number],
): Page {
  const position = positionOf(o);
  const order = orderOf(o);
  if (order === "id") return pageById(o, kept, position?.jobId);
  const state = o.state ?? "done";
  const which = OF_STATE[state];
  if (order === "due") {
    const { at, jobId } = position ?? { at: Number.MIN_SAFE_INTEGER, jobId: "" };
    return {
      where: `${which} AND (due_at, job_id) > (?, ?)`,
      values: [at, jobId],
      order: "due_at, job_id",
      index: state === "expected" ? "poll" : "work",
    };
  }
  const { at, jobId } = position ?? { at: Number.MAX_SAFE_INTEGER, jobId: "" };
  return {
    where: `${which} AND settled_at > ? AND (settled_at, job_id) < (?, ?)`,
    values: [state === "done" ? kept[0] : kept[1], at, jobId],
    order: "settled_at DESC, job_id DESC",
    index: "settled",
  };
}

function pageById(
  { state, prefix = "" }: ListOptions,
  kept: readonly SqliteValue[],
  after: string | undefined,
): Page {
  const where = [after === undefined ? "job_id >= ?" : "job_id > ?"];
  const values: SqliteValue[] = [after ?? prefix];
  const end = endOfPrefix(prefix);
  if (end !== undefined) {
    where.push("job_id < ?");
    values.push(end);
  }
  if (state !== undefined) where.push(OF_STATE[state]);
  where.push(KEPT);
  return { where: where.join(" AND "), values: [...values, ...kept], order: "job_id" };
}

/** The first text, in the order of code points, after all texts that begin with `prefix`. */
function endOfPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    const point = last.codePointAt(0) ?? 0;
    if (point === 0x10ffff) continue;
    // The code points between these two are surrogates, which no text contains alone.
    return points.join("") + String.fromCodePoint(point === 0xd7ff ? 0xe000 : point + 1);
  }
  return undefined;
}
