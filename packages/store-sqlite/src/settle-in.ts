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

type LeaseKey = { readonly jobId: string; readonly fence: number };

/** Makes `settleIn`, which settles on the user's connection. */
export function createSettleIn(
  context: Context,
  open: () => Promise<Connection>,
  clock: Clock,
): Transactional<SqliteDatabase>["settleIn"] {
  /** The lease that was last settled on each connection. */
  const settled = new WeakMap<Connection, string>();

  const isDoneOn = (connection: Connection, { jobId, fence }: LeaseKey): boolean => {
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
    // The lease was settled on this connection before. If another connection sees the job as done,
    // an earlier transaction settled it, and not this one. The store's own connection cannot
    // distinguish the two.
    const ours = await open();
    return ours === connection || !isDoneOn(ours, lease);
  };
}
