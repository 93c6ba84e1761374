/**
 * The one method that this store calls. `pg`'s `Pool` and `Client`, Neon's `Pool` and PGlite have
 * it. Parameters are `$1`, `$2`, ... Values are strings, finite numbers and null.
 */
export interface PostgresClient {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}
