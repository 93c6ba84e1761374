import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type {
  D1Answer,
  D1Database,
  D1Statement,
  D1Value,
} from "@abstrakt-webhooks/store-cloudflare";
import Database from "libsql";

const migrations = fileURLToPath(
  new URL("../../packages/store-cloudflare/migrations/", import.meta.url),
);

/** Every statement of the package's migrations, in order. */
export const migrationStatements = (): string[] =>
  readdirSync(migrations)
    .sort()
    .flatMap((file) => readFileSync(migrations + file, "utf8").split(/;\s*/))
    .filter((statement) => statement !== "");

/** A bound statement and a function that runs it. */
interface Prepared extends D1Statement {
  run(): D1Answer;
}

/** D1's interface over SQLite in memory, for tests without workerd. Errors have D1's words. */
export function openLibsqlD1(statements = migrationStatements()): D1Database {
  const database = new Database(":memory:");
  for (const statement of statements) database.exec(statement);

  const prepare = (sql: string, values: D1Value[] = []): Prepared => {
    const run = (): D1Answer => {
      try {
        const statement = database.prepare(sql);
        if (statement.reader) return { results: statement.all(...values), meta: { changes: 0 } };
        return { results: [], meta: { changes: statement.run(...values).changes } };
      } catch (thrown) {
        throw new Error(`D1_ERROR: ${(thrown as Error).message}: SQLITE_ERROR`, { cause: thrown });
      }
    };
    return { bind: (...bound) => prepare(sql, bound), run, all: async () => run() };
  };
  return {
    prepare,
    batch: async (prepared) =>
      database.transaction(() => prepared.map((statement) => (statement as Prepared).run()))(),
  };
}
