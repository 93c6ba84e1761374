/**
 * The one method this store calls: what `pg`'s `Pool` and `Client`, Neon's `Pool` and PGlite have.
 * Parameters are `$1`, `$2`, ...; values are strings, finite numbers and null.
 */
export interface PostgresClient {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}
