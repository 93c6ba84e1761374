import type { Names } from "./namespace.ts";
import type { Query } from "./query.ts";
import { createFunctionsSql } from "./sql/functions.ts";
import { VERSIONS } from "./sql/schema.ts";
import { isAlreadyThere } from "./store-error.ts";

/**
 * One statement that brings the schema up to date. It takes a lock for its own transaction, so any
 * number of instances may run it at once, also through a pooler in transaction mode. It creates
 * only what is missing, so a user without the right to create may run it on an up-to-date schema.
 */
export function migrationSql(names: Names): string {
  const { schema, migrations } = names;
  const versions = VERSIONS.map((toSql, index) => {
    const version = index + 1;
    return `
  IF NOT EXISTS (SELECT FROM ${migrations} WHERE version = ${version}) THEN${toSql(names)}
    INSERT INTO ${migrations} (version) VALUES (${version});
  END IF;`;
  });
  const createSchema = `
  IF to_regnamespace('"${schema}"') IS NULL THEN
    CREATE SCHEMA "${schema}";
  END IF;`;
  return `DO $migrate$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('abstrakt-webhooks ${migrations}', 0));${schema === undefined ? "" : createSchema}
  IF to_regclass('${migrations}') IS NULL THEN
    CREATE TABLE ${migrations} (
      version integer PRIMARY KEY,
      applied_at timestamptz NOT NULL DEFAULT now()
    );
  END IF;${versions.join("")}${createFunctionsSql(names)}
END
$migrate$`;
}

/**
 * Brings the schema up to date. In a transaction of the level `repeatable read`, the statement does
 * not see what another instance has created while it waited for the lock. So it runs once more.
 */
export async function migrate(query: Query, names: Names): Promise<void> {
  const text = migrationSql(names);
  await query(text).catch((thrown: unknown) => {
    if (!isAlreadyThere(thrown)) throw thrown;
    return query(text);
  });
}
