import type { StoredResult, Transactional } from "@abstrakt-webhooks/core";
import { invalidOptions, type Clock } from "@abstrakt-webhooks/core/store";
import type { Context } from "./context.ts";
import {
  isDatabase,
  isInTransaction,
  OPEN_DATABASE,
  toConnection,
  type Connection,
  type SqliteDatabase,
} from "./database.ts";
import type { Row } from "./dialect/row.ts";
import { GET } from "./dialect/sql.ts";
import { settle } from "./settle.ts";

type Held = { readonly jobId: string; readonly fence: number };

/** Makes `settleIn`, which settles on a connection of the user's. */
export function createSettleIn(
  context: Context,
  open: () => Promise<Connection>,
  clock: Clock,
): Transactional<SqliteDatabase>["settleIn"] {
  /** What was settled last on a connection. */
  const settled = new WeakMap<Connection, string>();

  const isDoneOn = (connection: Connection, { jobId, fence }: Held): boolean => {
    const [row] = connection.all<Row>(GET, context.namespace, jobId, ...context.keptSince(clock()));
    return row?.state === "done" && Number(row.fence) === fence;
  };

  return async (tx, lease, result?: StoredResult) => {
    if (!isDatabase(tx)) throw invalidOptions(`Expected \`tx\` to be ${OPEN_DATABASE}.`);
    if (!isInTransaction(tx)) {
      throw invalidOptions(
        "Expected a transaction to be open on `tx`. Begin one, by BEGIN IMMEDIATE.",
      );
    }
    const connection = toConnection(tx);
    const key = `${lease.fence} ${lease.jobId}`;
    const settlement = { to: "done", ...(result && { result }) } as const;
    if (settle(context, connection, lease, settlement, clock())) {
      settled.set(connection, key);
      return true;
    }
    if (settled.get(connection) !== key || !isDoneOn(connection, lease)) return false;
    // Done before in this transaction, unless others see it as well: then that one was committed. On the
    // store's own connection nobody can tell the two apart.
    const ours = await open();
    return ours === connection || !isDoneOn(ours, lease);
  };
}
