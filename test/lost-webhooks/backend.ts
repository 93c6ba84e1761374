import type {
  DeadLetters,
  ExpectedJobs,
  HandlerContext,
  JobResult,
  JobStore,
} from "@abstrakt-webhooks/core";
import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";
import Database from "libsql";
import { Pool } from "pg";

/** The place of a campaign's jobs and of its callbacks' effects, as plain data. */
export type Place =
  | { readonly kind: "sqlite"; readonly path: string }
  | { readonly kind: "postgres"; readonly url: string; readonly schema: string };

/** One completed callback. */
export interface Effect {
  readonly jobId: string;
  readonly ref: string;
  readonly source: string;
  readonly status: string;
  readonly url: string;
  readonly atMs: number;
}

/**
 * A store and a table of effects; callbacks write to it in the transaction that completes the job.
 */
export interface Backend {
  readonly store: JobStore & ExpectedJobs & DeadLetters;
  complete(result: JobResult, ctx: HandlerContext): Promise<void>;
  effects(): Promise<Effect[]>;
  countEffects(): Promise<number>;
  close(): Promise<void>;
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
const COLUMNS = ["job_id", "ref", "source", "status", "url", "at_ms"].join(", ");
// There is no key, so that an effect that happens twice is seen.
const TABLE = `CREATE TABLE IF NOT EXISTS effects (job_id TEXT, ref TEXT, source TEXT, status TEXT, url TEXT, at_ms TEXT)`;
const READ = `SELECT ${COLUMNS} FROM effects`;
const COUNT = "SELECT count(*) AS count FROM effects";

export const openBackend = (place: Place): Promise<Backend> =>
  place.kind === "sqlite" ? openSqlite(place.path) : openPostgres(place);

async function openSqlite(path: string): Promise<Backend> {
  const database = new Database(path, { timeout: 250 });
  const store = sqliteStore(database);
  await store.nextDueInMs(); // opens the file, so that its journal mode is set before any write
  database.exec(TABLE);
  const insert = database.prepare(`INSERT INTO effects (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)`);
  let turn = Promise.resolve();
  return {
    store,
    complete(result, ctx) {
      const done = turn.then(async () => {
        database.exec("BEGIN IMMEDIATE");
        try {
          insert.run(...toRow(result, ctx));
          await ctx.settleIn(database);
          database.exec("COMMIT");
        } catch (error) {
          database.exec("ROLLBACK");
          throw error;
        }
      });
      // One turn of the event loop between two of them; a hundred commits in a row would block it.
      turn = done.catch(() => undefined).then(nextTurn);
      return done;
    },
    effects: async () => (database.prepare(READ).all() as EffectRow[]).map(toEffect),
    countEffects: async () => Number((database.prepare(COUNT).get() as { count: number }).count),
    async close() {
      await store.close();
      database.close();
    },
  };
}

async function openPostgres({ url, schema }: { url: string; schema: string }): Promise<Backend> {
  const pool = new Pool({ connectionString: url, max: 8, options: `-c search_path=${schema}` });
  pool.on("error", () => undefined); // an idle connection broke; its pool opens another
  const store = postgresStore({ client: pool });
  return {
    store,
    async complete(result, ctx) {
      const tx = await pool.connect();
      try {
        await tx.query("BEGIN");
        await tx.query(
          `INSERT INTO effects (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6)`,
          toRow(result, ctx),
        );
        await ctx.settleIn(tx);
        await tx.query("COMMIT");
      } catch (error) {
        await tx.query("ROLLBACK");
        throw error;
      } finally {
        tx.release();
      }
    },
    effects: async () => (await pool.query<EffectRow>(READ)).rows.map(toEffect),
    countEffects: async () => Number((await pool.query<{ count: string }>(COUNT)).rows[0]?.count),
    close: () => pool.end(),
  };
}

/** Creates the schema before any instance opens it; returns a function that drops it. */
export async function createSchema(url: string, schema: string): Promise<() => Promise<void>> {
  const pool = new Pool({ connectionString: url, max: 2, options: `-c search_path=${schema}` });
  await pool.query(`CREATE SCHEMA ${schema}`);
  await postgresStore({ client: pool }).migrate();
  await pool.query(TABLE);
  return async () => {
    await pool.query(`DROP SCHEMA ${schema} CASCADE`);
    await pool.end();
  };
}

interface EffectRow {
  readonly job_id: string;
  readonly ref: string;
  readonly source: string;
  readonly status: string;
  readonly url: string;
  readonly at_ms: string;
}

const toRow = (result: JobResult, ctx: HandlerContext): string[] => [
  result.job_id,
  ctx.ref ?? "",
  ctx.source,
  result.status,
  urlOf(result),
  String(Date.now()),
];

const toEffect = ({ job_id, at_ms, ref, source, status, url }: EffectRow): Effect => ({
  jobId: job_id,
  atMs: Number(at_ms),
  ref,
  source,
  status,
  url,
});

/** The fields that distinguish two results. */
export const urlOf = (result: JobResult): string =>
  result.status === "succeeded" ? (result.output.items[0]?.url ?? "") : result.error.code;
