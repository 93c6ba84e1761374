import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";
import { createManualClock } from "@abstrakt-webhooks/testing";
import Database from "libsql";
import PgBoss from "pg-boss";
import { openPostgres } from "../../support/postgres-database.ts";
import { bossSchemaOf } from "./boss-schema.ts";
import type { Place } from "./suite.ts";

/** A new schema on the server at `url`. */
export async function placeOnPostgres(url: string): Promise<Place> {
  const database = await openPostgres(url);
  const first = postgresStore({ client: database.client });
  await first.migrate();
  await database.client.query(
    "CREATE TABLE images (id serial PRIMARY KEY, job_id text NOT NULL, url text)",
    [],
  );
  const address = new URL(url);
  address.searchParams.set("options", `-c search_path=${database.schema},pg_catalog`);
  return {
    address: address.href,
    stores: [first, postgresStore({ client: database.another() })],
    async effects() {
      const { rows } = await database.another().query("SELECT job_id FROM images", []);
      return (rows as { job_id: string }[]).map((row) => row.job_id);
    },
    elapse: database.elapse,
    close: database.close,
  };
}

/** The same with pg-boss, whose jobs are the effects. */
export async function placeWithPgBoss(url: string) {
  const place = await placeOnPostgres(url);
  const schema = bossSchemaOf(place.address);
  const boss = new PgBoss({ connectionString: url, schema, supervise: false });
  await boss.start();
  await boss.createQueue("abstrakt-results");
  const sql = (text: string) => boss.getDb().executeSql(text, []);
  return {
    ...place,
    async effects() {
      const { rows } = await sql(`SELECT data->>'job_id' AS id FROM ${schema}.job`);
      return (rows as { id: string }[]).map(({ id }) => id);
    },
    deleteQueue: () => boss.deleteQueue("abstrakt-results"),
    async close() {
      await sql(`DROP SCHEMA ${schema} CASCADE`);
      await boss.stop({ graceful: false });
      await place.close();
    },
  };
}

/** A new file. */
export async function placeOnSqlite(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), "settle-in-"));
  const address = join(folder, "app.db");
  const clock = createManualClock();
  const stores = [0, 1].map(() => sqliteStore(address, { clock: clock.now }));
  const [first, second] = stores;
  if (first === undefined || second === undefined) throw new Error("Expected two stores.");
  await first.ready();
  const effects = new Database(address, { timeout: 250 });
  effects.exec("CREATE TABLE images (id INTEGER PRIMARY KEY, job_id TEXT NOT NULL, url TEXT)");
  effects.close();
  return {
    address,
    stores: [first, second],
    async effects() {
      const database = new Database(address, { timeout: 250 });
      const rows = database.prepare("SELECT job_id FROM images").all() as { job_id: string }[];
      database.close();
      return rows.map((row) => row.job_id);
    },
    elapse: async (ms) => clock.advance(ms),
    async close() {
      for (const store of stores) await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}
