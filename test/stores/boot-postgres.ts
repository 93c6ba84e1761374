import type { BootStore } from "@abstrakt-webhooks/testing";
import { postgresStore, type PostgresClient } from "@abstrakt-webhooks/store-postgres";
import { inTransaction, type TestDatabase } from "../support/postgres-database.ts";

/** The clock is set forward without waiting, so units may be long enough for a slow machine. */
export const POSTGRES = { shared: true, namespaces: true, transactions: true, unitMs: 60_000 };

/** Boots stores on one database, each backend in its own namespace. */
export function bootPostgres({ client, another, elapse }: TestDatabase): BootStore {
  let count = 0;
  return async (options) => {
    count += 1;
    const { doneTtlMs, deadTtlMs } = options;
    const retention = {
      ...(doneTtlMs !== undefined && { doneTtlMs }),
      ...(deadTtlMs !== undefined && { deadTtlMs }),
    };
    const names = { own: `job_${count}`, other: `other_${count}` };
    const open = (from: PostgresClient, namespace: string) =>
      postgresStore({ client: from, namespace, ...retention });
    const store = open(client, names.own);
    await store.migrate();
    return {
      store,
      elapse,
      another: async () => open(another(), names.own),
      transaction: (work) => inTransaction(client, work),
      async otherNamespace() {
        const other = open(client, names.other);
        await other.migrate();
        return other;
      },
    };
  };
}
