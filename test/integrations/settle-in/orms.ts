import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";
import type BetterSqlite3 from "better-sqlite3";
import { drizzle as drizzleSqlite } from "drizzle-orm/better-sqlite3";
import { drizzle as drizzlePostgres } from "drizzle-orm/node-postgres";
import createKnex from "knex";
import { Kysely, PostgresDialect, SqliteDialect } from "kysely";
import Database from "libsql";
import { Pool } from "pg";
import PgBoss from "pg-boss";
import { bossSchemaOf } from "./boss-schema.ts";
import * as onDrizzlePostgres from "./drizzle-postgres.ts";
import * as onDrizzleSqlite from "./drizzle-sqlite.ts";
import * as onKnexPostgres from "./knex-postgres.ts";
import * as onKyselyPostgres from "./kysely-postgres.ts";
import * as onKyselySqlite from "./kysely-sqlite.ts";
import * as onPgBoss from "./pg-boss.ts";
import type { Open } from "./suite.ts";

const openPool = (connectionString: string): Pool => new Pool({ connectionString, max: 8 });

export const drizzleOnPostgres: Open = (address) => {
  const pool = openPool(address);
  const db = drizzlePostgres({ client: pool });
  return {
    store: postgresStore({ client: pool }),
    save: (job, ctx) => onDrizzlePostgres.saveImage(db, job, ctx),
    close: () => pool.end(),
  };
};

export const kyselyOnPostgres: Open = (address) => {
  const pool = openPool(address);
  const db = new Kysely<onKyselyPostgres.Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    store: postgresStore({ client: pool }),
    save: (job, ctx) => onKyselyPostgres.saveImage(db, job, ctx),
    close: () => pool.end(),
  };
};

export const knexOnPostgres: Open = (address) => {
  const pool = openPool(address);
  const db = createKnex({ client: "pg", connection: { connectionString: address } });
  return {
    store: postgresStore({ client: pool }),
    save: (job, ctx) => onKnexPostgres.saveImage(db, job, ctx),
    close: async () => {
      await db.destroy();
      await pool.end();
    },
  };
};

/** It is no ORM, but the same tests hold. */
export const pgBoss: Open = (address) => {
  const pool = openPool(address);
  const boss = new PgBoss({ connectionString: address, schema: bossSchemaOf(address) });
  return {
    store: postgresStore({ client: pool }),
    save: (job, ctx) => onPgBoss.enqueue(pool, boss, job, ctx),
    close: () => pool.end(),
  };
};

export const drizzleOnSqlite: Open = (address) => {
  // It has the methods that Drizzle calls, and needs no compiled addon.
  const client: unknown = new Database(address, { timeout: 250 });
  const db = drizzleSqlite({ client: client as BetterSqlite3.Database });
  const store = sqliteStore(address);
  return {
    store,
    save: (job, ctx) => onDrizzleSqlite.saveImage(db, job, ctx),
    close: async () => {
      db.$client.close();
      await store.close();
    },
  };
};

export const kyselyOnSqlite: Open = (address) => {
  const database = new Database(address, { timeout: 250 });
  const db = new Kysely<onKyselySqlite.Tables>({ dialect: new SqliteDialect({ database }) });
  const store = sqliteStore(address);
  return {
    store,
    save: (job, ctx) => onKyselySqlite.saveImage(db, database, job, ctx),
    close: async () => {
      database.close();
      await store.close();
    },
  };
};
