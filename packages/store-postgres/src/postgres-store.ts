import type { DeadLetters, ExpectedJobs, JobStore, Transactional } from "@abstrakt-webhooks/core";
import { checkedFor, invalidOptions, readStoreOptions } from "@abstrakt-webhooks/core/store";
import type { PostgresClient } from "./client.ts";
import { deadLetters } from "./dead-letters.ts";
import { expectedJobs } from "./expected-jobs.ts";
import { createIngest } from "./ingest.ts";
import { inspect } from "./inspect.ts";
import { migrate, migrationSql } from "./migrate.ts";
import { toNames } from "./namespace.ts";
import { createQuery } from "./query.ts";
import { toLease, toRecord, type ClaimRow, type RecordRow } from "./row.ts";
import { checkReady } from "./ready.ts";
import { createSettle } from "./settle.ts";
import { claimByIdSql, claimSql } from "./sql/claim.ts";
import { getSql, nextDueSql, pruneSql } from "./sql/look.ts";

/** Options of a PostgreSQL store. Only `client` is required. */
export interface PostgresStoreOptions {
  /** A pool (better) or a connection. The store never closes it. */
  readonly client: PostgresClient;
  /**
   * The names of the tables and functions begin with it, as in `<namespace>_jobs`. `schema.name`
   * puts them into that schema. Without a schema, the store takes the tables that it finds by the
   * connection's search path, and creates them in the first schema if it finds none. So name the
   * schema if several applications share a later one. Stores with different namespaces share
   * nothing. Default `abstrakt`.
   */
  readonly namespace?: string | undefined;
  /** How long a done job answers duplicates, for jobs settled from now on. Default 8 days. */
  readonly doneTtlMs?: number | undefined;
  /** How long a dead job can be redriven, for jobs that die from now on. Default 30 days. */
  readonly deadTtlMs?: number | undefined;
  /**
   * False drops the payload when the job is done. Then `result()` and `get` have none. Default
   * true.
   */
  readonly keepPayload?: boolean | undefined;
}

/** A job store in PostgreSQL. */
export interface PostgresStore
  extends JobStore, ExpectedJobs, DeadLetters, Transactional<PostgresClient> {
  /**
   * Creates or updates tables and functions. Every instance may call it at every start, all at
   * once. It needs the right to create only when something is missing.
   */
  migrate(): Promise<void>;
  /** The one statement that `migrate` runs, for a migration tool of your own. */
  migrationSql(): string;
  /** Resolves if tables and functions exist and this user may write. A standby takes no writes. */
  ready(): Promise<void>;
  /**
   * Warns about settings of the server that put results at risk, for the user of this connection.
   */
  inspect(): Promise<{ warnings: string[] }>;
}

/**
 * Keeps jobs in PostgreSQL 12 or later: an acknowledged result is committed, and any number of
 * instances may share the database.
 *
 * An ingest is one statement, and so is a settle. Calls that arrive while a statement runs share
 * the next one. The store uses the server's clock only. It uses no session state and no named
 * statement, so a pooler in transaction mode works. A row expires without `prune`, which only
 * deletes it.
 *
 * @throws AbstraktWebhookError `invalid_options` at once. The methods reject with
 * `store_unavailable` when the database fails. The message says what to do, and the driver's error
 * is the cause.
 *
 * @example
 * ```ts
 * const store = postgresStore({ client: new pg.Pool({ connectionString }) });
 * await store.migrate();
 * const receiver = createReceiver({ auth: "none", store });
 * receiver.start();
 * ```
 */
export function postgresStore(options: PostgresStoreOptions): PostgresStore {
  const settings = checkedFor(postgresStore, () => toSettings(options));
  const { client, names, doneTtlMs, deadTtlMs, keepPayload } = settings;
  const { jobs } = names;
  const query = createQuery(client, names);
  const settling = createSettle(query, { names, doneTtlMs, deadTtlMs, keepPayload });
  const sql = {
    claim: claimSql(jobs),
    claimById: claimByIdSql(jobs),
    get: getSql(jobs),
    nextDue: nextDueSql(jobs),
    prune: pruneSql(jobs),
  };

  return {
    traits: { durable: true, shared: true, doneTtlMs, deadTtlMs },
    ingest: createIngest(query, names, deadTtlMs),
    async claim({ owner, leaseMs, limit, jobId }) {
      if (limit < 1) return [];
      const rows = await (jobId === undefined
        ? query<ClaimRow>(sql.claim, owner, leaseMs, limit)
        : query<ClaimRow>(sql.claimById, owner, leaseMs, jobId));
      return rows.map((row) => toLease(row, row));
    },
    settle: settling.settle,
    async settleIn(tx, lease, result) {
      requireClient("tx", tx);
      requireConnection(tx);
      const settled = await settling.settleIn(createQuery(tx, names), lease, result);
      if (settled !== "outside") return settled;
      throw invalidOptions(
        "Expected a transaction to be open on `tx`, got a connection without one. Run BEGIN on it first, and call this before COMMIT.",
      );
    },
    async get(jobId) {
      const [row] = await query<RecordRow>(sql.get, jobId);
      return row && toRecord(row);
    },
    async nextDueInMs() {
      const [row] = await query<{ due: number | null }>(sql.nextDue);
      const due = row?.due ?? undefined;
      return due === undefined ? undefined : Math.max(0, Number(due));
    },
    async prune({ limit }) {
      const [row] = await query<{ count: number }>(sql.prune, limit);
      return Number(row?.count ?? 0);
    },
    ready: () => checkReady(client, query, names),
    inspect: () => inspect(query),
    ...expectedJobs(query, jobs, deadTtlMs),
    ...deadLetters(query, jobs),
    migrate: () => migrate(query, names),
    migrationSql: () => migrationSql(names),
  };
}

function toSettings(options: PostgresStoreOptions) {
  if (isClient(options)) {
    throw invalidOptions(
      "Expected the store's options, got the client itself. Pass it as `client`: postgresStore({ client }).",
    );
  }
  const { namespace, ...common } = readStoreOptions(options, ["client"]);
  requireClient("client", options.client);
  return { ...common, client: options.client, names: toNames(namespace) };
}

const isClient = (value: unknown): boolean =>
  typeof (value as Partial<PostgresClient> | undefined)?.query === "function";

function requireClient(name: string, client: unknown): void {
  if (isClient(client)) return;
  throw invalidOptions(
    `Expected \`${name}\` to have a method \`query(text, values)\`, as a pg Pool has. Wrap the transaction of an ORM, see docs/settle-in.md; for postgres.js see the README of @abstrakt-webhooks/store-postgres.`,
  );
}

/** Refuses a pool, which would settle on another connection than that of the transaction. */
function requireConnection(tx: object): void {
  if (!("totalCount" in tx)) return;
  throw invalidOptions(
    "Expected `tx` to be the connection that holds your transaction, got a pool. Take one by `pool.connect()`.",
  );
}
