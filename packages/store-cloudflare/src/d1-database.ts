import type { BoundStatement } from "@abstrakt-webhooks/store-sqlite/dialect";

/** A value that a statement binds. */
export type D1Value = string | number | null;

/** D1's answer to one statement. */
export interface D1Answer {
  readonly results: readonly unknown[];
  readonly meta: { readonly changes: number };
}

/** A prepared statement, by structure. */
export interface D1Statement {
  bind(...values: D1Value[]): D1Statement;
  all(): Promise<D1Answer>;
}

/** A D1 binding such as `env.DB`, or a session of one, by structure. */
export interface D1Database {
  prepare(sql: string): D1Statement;
  batch(statements: D1Statement[]): Promise<readonly D1Answer[]>;
}

/** Runs statements in one round trip. Several statements run as one transaction. */
export async function query(
  database: D1Database,
  statements: readonly BoundStatement[],
): Promise<readonly D1Answer[]> {
  const prepared = statements.map(([sql, ...values]) => database.prepare(sql).bind(...values));
  const [first] = prepared;
  return first !== undefined && prepared.length === 1
    ? [await first.all()]
    : database.batch(prepared);
}
