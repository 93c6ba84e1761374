import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import { Pool } from "pg";
import { expect, it } from "vitest";
import { openPglite } from "../../../test/support/postgres-database.ts";
import { toNames } from "../src/namespace.ts";
import { createFunctionsSql } from "../src/sql/functions.ts";
import { VERSIONS } from "../src/sql/schema.ts";
import { HELD, onPostgres, result } from "./on-postgres.ts";

await onPostgres(
  "migrate",
  (on) => {
    const open = (namespace: string) => postgresStore({ client: on.database.client, namespace });

    it("ten instances may call migrate at once, and again", async () => {
      const stores = Array.from({ length: 10 }, () => open("together"));
      await Promise.all(stores.map((store) => store.migrate()));
      await Promise.all(stores.map((store) => store.migrate()));
      const { rows } = await on.database.client.query(
        "SELECT version FROM together_migrations",
        [],
      );
      expect(rows).toEqual([{ version: 1 }, { version: 2 }]);
      expect((await open("together").ingest(result("a"), HELD)).kind).toBe("leased");
    });

    it("instances may call migrate at once under `repeatable read`", async () => {
      const options = "-c default_transaction_isolation=repeatable\\ read";
      const client = new Pool({ connectionString: on.url, options, max: 6 });
      const namespace = "public.repeatable_read";
      try {
        const stores = Array.from({ length: 6 }, () => postgresStore({ client, namespace }));
        await Promise.all(stores.map((store) => store.migrate()));
        expect((await open(namespace).ingest(result("a"), HELD)).kind).toBe("leased");
      } finally {
        const { jobs, migrations, ingest, settle } = toNames(namespace);
        await client.query(`DROP TABLE IF EXISTS ${jobs}, ${migrations}`);
        await client.query(`DROP FUNCTION IF EXISTS ${ingest}, ${settle}`);
        await client.end();
      }
    });

    it("without a schema, the tables that the search path finds are used", async () => {
      const { client } = on.database;
      await client.query("CREATE SCHEMA shared_tables", []);
      await client.query("CREATE SCHEMA tenant_tables", []);
      const poolFor = (path: string) =>
        new Pool({ connectionString: on.url, options: `-c search_path=${path}`, max: 1 });
      const pools = [poolFor("shared_tables"), poolFor("tenant_tables,shared_tables")];
      try {
        const kinds: string[] = [];
        for (const pool of pools) {
          const store = postgresStore({ client: pool, namespace: "search_path" });
          await store.migrate();
          kinds.push((await store.ingest(result("a"), HELD)).kind);
        }
        expect(kinds).toEqual(["leased", "duplicate"]);
      } finally {
        await Promise.all(pools.map((pool) => pool.end()));
        await client.query("DROP SCHEMA shared_tables, tenant_tables CASCADE", []);
      }
    });

    it("migrate creates the functions where only the tables exist, and the store names migrate() before that", async () => {
      const store = open("bare");
      await store.migrate();
      await store.ingest(result("a"), HELD);
      const { ingest, settle } = toNames("bare");
      await on.database.client.query(`DROP FUNCTION ${ingest}, ${settle}`, []);
      await expect(store.ingest(result("b"), HELD)).rejects.toThrow(/A function .* is missing/);
      await store.migrate();
      expect((await store.ingest(result("a"), HELD)).kind).toBe("duplicate");
      expect(await store.settle({ jobId: "a", fence: 1 }, { to: "done" })).toBe(true);
    });

    it("migrate creates the tables where only the functions exist", async () => {
      const store = open("emptied");
      await store.migrate();
      await on.database.client.query("DROP TABLE emptied_jobs, emptied_migrations", []);
      await store.migrate();
      expect((await store.ingest(result("a"), HELD)).kind).toBe("leased");
    });

    it("migrate does not change a function of the same name with other parameters", async () => {
      const { ingest } = toNames("taken");
      await on.database.client.query(
        `CREATE FUNCTION ${ingest}(text, text) RETURNS text LANGUAGE sql AS $$ SELECT 'not ours' $$`,
        [],
      );
      const store = open("taken");
      await store.migrate();
      expect((await store.ingest(result("a"), HELD)).kind).toBe("leased");
    });

    it("migrate creates the schema of the namespace, and the tables in it", async () => {
      const schema = `${on.database.schema}_named`;
      const { client } = on.database;
      const stores = Array.from({ length: 5 }, () =>
        postgresStore({ client, namespace: `${schema}.hooks` }),
      );
      try {
        await Promise.all(stores.map((store) => store.migrate()));
        await stores[0]?.ingest(result("a"), HELD);
        const { rows } = await client.query(`SELECT job_id FROM ${schema}.hooks_jobs`, []);
        expect(rows).toEqual([{ job_id: "a" }]);
      } finally {
        await client.query(`DROP SCHEMA ${schema} CASCADE`, []);
      }
    });

    it("migrationSql returns the SQL that migrate runs", async () => {
      await on.database.client.query(open("printed").migrationSql(), []);
      expect((await open("printed").ingest(result("a"), HELD)).kind).toBe("leased");
      await open("printed").migrate();
      expect(await open("printed").get("a")).toBeDefined();
    });

    it("migrate needs no right to create once everything exists, and says so where it lacks the right", async () => {
      await open("granted").migrate();
      const { client, schema } = on.database;
      const role = `${schema}_role`;
      for (const sql of [
        `CREATE ROLE ${role} LOGIN`,
        `GRANT USAGE ON SCHEMA ${schema} TO ${role}`,
        `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${role}`,
      ]) {
        await client.query(sql, []);
      }
      const { hostname, port, pathname } = new URL(on.url);
      const pool = new Pool({
        connectionString: `postgres://${role}@${hostname}:${port}${pathname}`,
        options: `-c search_path=${schema},pg_catalog`,
      });
      try {
        const granted = postgresStore({ client: pool, namespace: "granted" });
        await granted.migrate();
        expect((await granted.ingest(result("a"), HELD)).kind).toBe("leased");
        await expect(postgresStore({ client: pool, namespace: "other" }).migrate()).rejects.toThrow(
          /lacks a privilege.*CREATE on the schema/,
        );
      } finally {
        await pool.end();
        await client.query(`DROP OWNED BY ${role}`, []);
        await client.query(`DROP ROLE ${role}`, []);
      }
    });

    it("two namespaces do not affect each other", async () => {
      const [one, other] = [open("one"), open("one_jobs")];
      await Promise.all([one.migrate(), other.migrate()]);
      await one.ingest(result("a"), HELD);
      expect(await other.get("a")).toBeUndefined();
      expect((await other.ingest(result("a", "1-b"), HELD)).kind).toBe("leased");
      expect(await one.stats()).toMatchObject({ leased: 1 });
    });
  },
  10,
);

it("published migrations do not change", () => {
  const names = toNames("abstrakt");
  const digest = (sql: string) => createHash("sha256").update(sql).digest("hex").slice(0, 16);
  expect(VERSIONS.map((toSql) => digest(toSql(names)))).toMatchInlineSnapshot(`
    [
      "8c30af4b33f6cb65",
      "88a1081aa939a268",
    ]
  `);
  // A change here needs another number in the names of the functions.
  expect(digest(createFunctionsSql(names))).toMatchInlineSnapshot(`"aa7f4ff3c379f954"`);
});

it("the README names the functions", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const { ingest, settle } = toNames("abstrakt");
  for (const name of [ingest, settle]) expect(readme).toContain(name.replaceAll('"', "`"));
});

it("migrate and the store work in PGlite", { timeout: 120_000 }, async () => {
  const database = await openPglite();
  const store = postgresStore({ client: database.client });
  await Promise.all([store.migrate(), store.migrate()]);
  expect((await store.ingest(result("a"), HELD)).kind).toBe("leased");
  await database.close();
});
