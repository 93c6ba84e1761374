import type { DeadLetters, ExpectedJobs, JobStore, Transactional } from "@abstrakt-webhooks/core";
import { checkedFor } from "@abstrakt-webhooks/core/store";
import { claim } from "./claim.ts";
import type { Context } from "./context.ts";
import { requireNoTransaction, type SqliteDatabase } from "./database.ts";
import { deadLetters } from "./dead-letters.ts";
import { expectedJobs } from "./expected-jobs.ts";
import { createGroupCommit } from "./group-commit.ts";
import { ingest, bulkIngest } from "./ingest.ts";
import { inspect } from "./inspect.ts";
import { createOpener } from "./opener.ts";
import { readOptions, type SqliteStoreOptions } from "./options.ts";
import { retryWhileBusy } from "./retry-while-busy.ts";
import { toRecord, type Row } from "./dialect/row.ts";
import { createSettleIn } from "./settle-in.ts";
import { bulkSettle, settle } from "./settle.ts";
import { GET, NEXT_DUE, PRUNE } from "./dialect/sql.ts";
import { checkWritable } from "./ready.ts";
import { explain } from "./sqlite-error.ts";

/** A job store in SQLite, with all optional capabilities except `onDropped`. */
export type SqliteStore = Required<Omit<JobStore, "onDropped">> &
  ExpectedJobs &
  DeadLetters &
  Transactional<SqliteDatabase>;

/**
 * Keeps jobs in an SQLite file: an acknowledged result survives `kill -9` and a power failure.
 *
 * The store opens the file at its first call. Then it sets WAL, `synchronous=FULL` and a busy
 * timeout of 50 ms on the connection, also on one that you pass in, and creates or updates its
 * tables. Several processes on one host may share the file. The store waits up to 4 s for a lock,
 * without blocking. Calls of the same turn of the event loop share one commit.
 *
 * @param pathOrDatabase a path, which the store opens with the first of node:sqlite,
 *   better-sqlite3, libsql and bun:sqlite that works here; or an open database of one of them,
 *   which `close()` leaves open.
 * @throws AbstraktWebhookError `invalid_options`. The methods reject with `store_unavailable`, and
 * the message says what to do.
 *
 * @example
 * ```ts
 * const receiver = createReceiver({ auth: "none", store: sqliteStore("jobs.db") });
 * receiver.start();
 * ```
 */
export function sqliteStore(
  pathOrDatabase: string | SqliteDatabase,
  options: SqliteStoreOptions = {},
): SqliteStore {
  const settings = checkedFor(sqliteStore, () => readOptions(pathOrDatabase, options));
  const { namespace, doneTtlMs, deadTtlMs, keepPayload, clock } = settings;
  const { name, open, checkFile, close } = createOpener(pathOrDatabase);
  const commits = createGroupCommit({ open, checkFile, clock });
  const inMemory = pathOrDatabase === ":memory:";
  const fail = (thrown: unknown): never => {
    throw explain(thrown, name);
  };

  const context: Context = {
    namespace,
    keepPayload,
    keptSince: (nowMs) => [nowMs - doneTtlMs, nowMs - deadTtlMs],
    write: (work, bulk) => commits.write(work, bulk).catch(fail),
    async read(work) {
      const connection = await open();
      return retryWhileBusy(() => work(connection, clock())).catch(fail);
    },
  };
  const { keptSince, read, write } = context;
  const settleIn = createSettleIn(context, open, clock);

  return {
    traits: { durable: !inMemory, shared: !inMemory, doneTtlMs, deadTtlMs },
    ingest: (delivery, o) =>
      write(
        (connection, nowMs) => ingest(context, connection, delivery, o.leaseMs, nowMs),
        bulkIngest(context, delivery, o.leaseMs),
      ),
    claim: (o) => write((connection, nowMs) => claim(context, connection, o, nowMs)),
    settle: (lease, settlement) =>
      write(
        (connection, nowMs) => settle(context, connection, lease, settlement, nowMs),
        bulkSettle(context, lease, settlement),
      ),
    get: (jobId) =>
      read((connection, nowMs) => {
        if (typeof pathOrDatabase !== "string") requireNoTransaction(pathOrDatabase);
        const [row] = connection.all<Row>(GET, namespace, jobId, ...keptSince(nowMs));
        return row && toRecord(row, nowMs);
      }),
    nextDueInMs: () =>
      read((connection, nowMs) => {
        const [next] = connection.all<Pick<Row, "due_at">>(NEXT_DUE, namespace, namespace);
        const dueAtMs = next?.due_at ?? undefined;
        return dueAtMs === undefined ? undefined : Math.max(0, Number(dueAtMs) - nowMs);
      }),
    prune: (o) =>
      write((connection, nowMs) => {
        const [doneBeforeMs, deadBeforeMs] = keptSince(nowMs);
        const which = [namespace, doneBeforeMs, namespace, deadBeforeMs, o.limit];
        return connection.run(PRUNE, ...which);
      }),
    ready: () => write(checkWritable),
    inspect: () => read((connection) => ({ warnings: inspect(connection) })),
    ...expectedJobs(context),
    ...deadLetters(context),
    /** Settles in the transaction that is open on `tx`, so both commit or roll back together. */
    settleIn: (tx, lease, result) => settleIn(tx, lease, result).catch(fail),
    async close() {
      await commits.settled();
      await close();
    },
  };
}
