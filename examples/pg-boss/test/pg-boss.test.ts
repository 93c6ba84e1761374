import { fileURLToPath } from "node:url";
import { Pool } from "pg";
import { afterAll, describe, it } from "vitest";
import { runHandOffSuite } from "../../../test/support/hand-off-suite.ts";
import { findPostgres } from "../../../test/support/postgres-server.ts";

const server = await findPostgres();

if (server === undefined) {
  describe("pg-boss", () =>
    it.skip("no PostgreSQL: set DATABASE_URL, or put initdb and postgres on the PATH"));
} else {
  const { url } = server;
  const schema = `test_${crypto.randomUUID().replaceAll("-", "_")}`;
  const pool = new Pool({ connectionString: url, max: 1 });
  afterAll(() => server.stop());
  runHandOffSuite("pg-boss", {
    folder: fileURLToPath(new URL("..", import.meta.url)),
    url,
    env: (through) => ({ DATABASE_URL: through, PGBOSS_SCHEMA: schema }),
    async jobIds() {
      const text = `SELECT data->>'job_id' AS id FROM ${schema}.job WHERE name = 'abstrakt-results'`;
      return (await pool.query<{ id: string }>(text)).rows.map(({ id }) => id);
    },
    async clean() {
      await pool.query(`DROP SCHEMA ${schema} CASCADE`);
      await pool.end();
    },
  });
}
