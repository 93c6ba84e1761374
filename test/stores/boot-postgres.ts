import type { BootStore } from "@abstrakt-webhooks/testing";
import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import type { TestDatabase } from "../support/postgres-database.ts";

/** A clock that is put forward costs no time, so units may be long: no test hangs on a slow machine. */
export const POSTGRES = { shared: true, namespaces: true, unitMs: 60_000 };

/** Boots stores on one database, each backend under a namespace of its own. */
export function bootPostgres({ client, another, elapse }: TestDatabase): BootStore {
  let count = 0;
  return async (options) => {
    count += 1;
    const o = { doneTtlMs: options.doneTtlMs, deadTtlMs: options.deadTtlMs };
    const given = Object.fromEntries(Object.entries(o).filter(([, value]) => value !== undefined));
    const open = (from: typeof client, namespace = `job_${count}`) =>
      postgresStore({ client: from, namespace, ...given });
    const store = open(client);
    await store.migrate();
    return {
      store,
      elapse,
      another: async () => open(another(), undefined),
      async otherNamespace() {
        const other = open(client, `other_${count}`);
        await other.migrate();
        return other;
      },
    };
  };
}
