import type { BoundStatement } from "@abstrakt-webhooks/store-sqlite/dialect";
import { query, type D1Answer, type D1Database } from "./d1-database.ts";
import { explain } from "./d1-error.ts";
import type { Settings } from "./options.ts";

/** What the methods of the store share. */
export interface Context {
  readonly namespace: string;
  /** Whether a done row keeps its payload. */
  readonly keepPayload: boolean;
  now(): number;
  /**
   * A row that was settled at these times or before has expired. Binds: done before, dead before.
   */
  keptSince(nowMs: number): [doneBeforeMs: number, deadBeforeMs: number];
  /** Runs one statement and resolves to its rows. */
  rows<T>(...bound: BoundStatement): Promise<T[]>;
  /** Runs one statement and resolves to the number of rows that it changed. */
  changes(...bound: BoundStatement): Promise<number>;
  /** Runs statements as one transaction, in one round trip. Resolves to the rows of each. */
  batch(...statements: BoundStatement[]): Promise<unknown[][]>;
}

export function createContext(database: D1Database, settings: Settings): Context {
  const { namespace, keepPayload, clock, doneTtlMs, deadTtlMs } = settings;
  const run = (statements: readonly BoundStatement[]) => query(database, statements).catch(explain);
  const alone = async (bound: BoundStatement) => (await run([bound]))[0] as D1Answer;
  return {
    namespace,
    keepPayload,
    now: clock,
    keptSince: (nowMs) => [nowMs - doneTtlMs, nowMs - deadTtlMs],
    rows: async <T>(...bound: BoundStatement) => (await alone(bound)).results as T[],
    changes: async (...bound) => (await alone(bound)).meta.changes,
    batch: async (...statements) => (await run(statements)).map(({ results }) => [...results]),
  };
}
