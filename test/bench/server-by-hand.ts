/**
 * What one writes by hand so that no result is lost or handled twice: the documented handler, with
 * one insert keyed by `job_id` before the answer, and the callback after it.
 *
 * @module
 */
import express from "express";
import { Redis } from "ioredis";
import Database from "libsql";
import { Pool } from "pg";
import { PATH, type Mounted, type Save } from "./mounted.ts";
import { newFolder, newName } from "./stores.ts";

/** Writes a result; false when the job was there already. */
type Insert = (jobId: string, payload: string) => boolean | Promise<boolean>;

const EIGHT_DAYS_SECONDS = 8 * 24 * 3_600;

export function onSqlite(save: Save): Mounted {
  const database = new Database(`${newFolder()}/jobs.db`);
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  database.exec("CREATE TABLE jobs (job_id TEXT PRIMARY KEY, payload TEXT NOT NULL)");
  const insert = database.prepare("INSERT INTO jobs VALUES (?, ?) ON CONFLICT DO NOTHING");
  const select = database.prepare("SELECT 1 FROM jobs WHERE job_id = ?");
  return {
    listener: handler((jobId, payload) => insert.run(jobId, payload).changes === 1, save),
    holds: async (jobId) => select.get(jobId) !== undefined,
  };
}

export async function onPostgres(save: Save): Promise<Mounted> {
  const pool = new Pool({ connectionString: process.env["DATABASE_URL"] });
  const table = newName();
  await pool.query(`CREATE TABLE ${table} (job_id text PRIMARY KEY, payload jsonb NOT NULL)`);
  const insert = {
    name: "insert",
    text: `INSERT INTO ${table} VALUES ($1, $2) ON CONFLICT DO NOTHING`,
  };
  const write: Insert = async (jobId, payload) =>
    (await pool.query({ ...insert, values: [jobId, payload] })).rowCount === 1;
  return {
    listener: handler(write, save),
    async holds(jobId) {
      const found = await pool.query(`SELECT 1 FROM ${table} WHERE job_id = $1`, [jobId]);
      return found.rowCount === 1;
    },
  };
}

export function onRedis(save: Save): Mounted {
  const client = new Redis(process.env["REDIS_URL"] ?? "");
  const prefix = newName();
  const write: Insert = async (jobId, payload) =>
    (await client.set(`${prefix}:${jobId}`, payload, "EX", EIGHT_DAYS_SECONDS, "NX")) === "OK";
  return {
    listener: handler(write, save),
    holds: async (jobId) => (await client.exists(`${prefix}:${jobId}`)) === 1,
  };
}

function handler(insert: Insert, save: Save): Mounted["listener"] {
  const app = express();
  app.post(PATH, express.json(), async (req, res) => {
    const isNew = await insert(req.body.job_id, JSON.stringify(req.body));
    res.status(200).json({ received: true });
    if (isNew) save(req.body.job_id);
  });
  return app;
}
