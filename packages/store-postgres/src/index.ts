export { postgresStore, type PostgresStore, type PostgresStoreOptions } from "./postgres-store.ts";
export type { PostgresClient } from "./client.ts";
