import type { DeadLetters, ExpectedJobs, JobStore } from "@abstrakt-webhooks/core";
import { checkedFor } from "@abstrakt-webhooks/core/store";
import {
  GET,
  NEXT_DUE,
  PRUNE,
  READY,
  TABLE,
  toRecord,
  type Row,
} from "@abstrakt-webhooks/store-sqlite/dialect";
import { claim } from "./claim.ts";
import { createContext } from "./context.ts";
import type { D1Database } from "./d1-database.ts";
import { UNMIGRATED } from "./d1-error.ts";
import { deadLetters } from "./dead-letters.ts";
import { expectedJobs } from "./expected-jobs.ts";
import { ingest } from "./ingest.ts";
import { readOptions, type D1StoreOptions } from "./options.ts";
import { settle } from "./settle.ts";

/** A job store in D1. It has no `settleIn`, because no transaction of D1 outlasts one call. */
export type D1Store = Required<Omit<JobStore, "close" | "onDropped">> & ExpectedJobs & DeadLetters;

/**
 * Keeps jobs in Cloudflare D1: an acknowledged result outlives the isolate that received it.
 *
 * A new result takes one statement before the answer. The store sends the statement again if the
 * reply is lost, because D1 itself retries reads only. The package contains the tables as a
 * migration for wrangler. Several Workers may share a database. The store uses the Workers' clocks.
 *
 * @param database the binding, such as `env.DB`, or a session of it that reads from the primary.
 * @throws AbstraktWebhookError `invalid_options`, also when the binding is missing. The methods
 *   reject with `store_unavailable`, and the message says what to do.
 *
 * @example
 * ```ts
 * const receiver = createReceiver({ auth: "none", store: d1Store(env.DB) });
 * ```
 */
export function d1Store(database: D1Database, options: D1StoreOptions = {}): D1Store {
  const settings = checkedFor(d1Store, () => readOptions(database, options));
  const context = createContext(database, settings);
  const { namespace, now, keptSince } = context;
  const { doneTtlMs, deadTtlMs } = settings;

  return {
    traits: { durable: true, shared: true, doneTtlMs, deadTtlMs },
    ingest: (delivery, o) => ingest(context, delivery, o.leaseMs),
    claim: (o) => claim(context, o),
    settle: (lease, settlement) => settle(context, lease, settlement),
    async get(jobId) {
      const nowMs = now();
      const [row] = await context.rows<Row>(GET, namespace, jobId, ...keptSince(nowMs));
      return row && toRecord(row, nowMs);
    },
    async nextDueInMs() {
      const [next] = await context.rows<Pick<Row, "due_at">>(NEXT_DUE, namespace, namespace);
      const dueAtMs = next?.due_at ?? undefined;
      return dueAtMs === undefined ? undefined : Math.max(0, Number(dueAtMs) - now());
    },
    async prune(o) {
      const [doneBeforeMs, deadBeforeMs] = keptSince(now());
      return context.changes(PRUNE, namespace, doneBeforeMs, namespace, deadBeforeMs, o.limit);
    },
    ready: async () => void (await context.changes(READY)),
    async inspect() {
      const columns = await context.rows("SELECT name FROM pragma_table_info(?)", TABLE);
      return { warnings: columns.length === 0 ? [UNMIGRATED] : [] };
    },
    ...expectedJobs(context),
    ...deadLetters(context),
  };
}
