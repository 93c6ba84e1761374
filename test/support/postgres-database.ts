import { randomBytes } from "node:crypto";
import { PGlite } from "@electric-sql/pglite";
import type { PostgresClient } from "@abstrakt-webhooks/store-postgres";
import { Pool } from "pg";

/**
 * A new schema for one test file, whose clock can be set forward. Tables without a schema in their
 * name are created in it.
 */
export interface TestDatabase {
  readonly schema: string;
  readonly client: PostgresClient;
  /** Another client of the same schema; with its own connections where the server has any. */
  another(): PostgresClient;
  /** Sets the server's clock forward, for connections of this database alone. */
  elapse(ms: number): Promise<void>;
  /** Drops the schema and ends the connections. */
  close(): Promise<void>;
}

/** On a real server. `max` limits each pool. */
export async function openPostgres(url: string, max = 10): Promise<TestDatabase> {
  const schema = newSchema();
  const options = `-c search_path=${schema},pg_catalog -c application_name=${schema}`;
  const pools: Pool[] = [];
  const open = (): Pool => {
    const pool = new Pool({ connectionString: url, max, options });
    pool.on("error", () => undefined); // some tests kill connections
    pools.push(pool);
    return pool;
  };
  const client = open();
  await createClock(client, schema);
  return {
    schema,
    client,
    another: open,
    elapse: (ms) => elapse(client, ms),
    async close() {
      await client.query(`DROP SCHEMA ${schema} CASCADE`);
      await Promise.all(pools.map((pool) => pool.end()));
    },
  };
}

/** Runs `work` in a transaction. An error rolls it back. */
export async function inTransaction(
  client: PostgresClient,
  work: (tx: PostgresClient) => Promise<void>,
): Promise<void> {
  if (!(client instanceof Pool)) return (client as PGlite).transaction(work);
  const tx = await client.connect();
  try {
    await tx.query("BEGIN");
    await work(tx);
    await tx.query("COMMIT");
  } catch (thrown) {
    await tx.query("ROLLBACK");
    throw thrown;
  } finally {
    tx.release();
  }
}

/** In this process, without a server. */
export async function openPglite(): Promise<TestDatabase> {
  const client = await PGlite.create();
  const schema = newSchema();
  await createClock(client, schema);
  await client.query(`SET search_path TO ${schema}, pg_catalog`);
  return {
    schema,
    client,
    another: () => client,
    elapse: (ms) => elapse(client, ms),
    close: () => client.close(),
  };
}

const newSchema = (): string => `test_${randomBytes(6).toString("hex")}`;

/** This function hides PostgreSQL's own one, because it comes first in the search path. */
async function createClock(client: PostgresClient, schema: string): Promise<void> {
  const statements = [
    `CREATE SCHEMA ${schema}`,
    `CREATE TABLE ${schema}.clock AS SELECT interval '0' AS ahead`,
    `CREATE FUNCTION ${schema}.statement_timestamp() RETURNS timestamptz STABLE LANGUAGE sql
     AS 'SELECT pg_catalog.statement_timestamp() + ahead FROM ${schema}.clock'`,
  ];
  for (const statement of statements) await client.query(statement, []);
}

async function elapse(client: PostgresClient, ms: number): Promise<void> {
  await client.query("UPDATE clock SET ahead = ahead + $1::float8 * interval '1 ms'", [ms]);
}
