import { randomBytes } from "node:crypto";
import { Redis } from "ioredis";
import { Client } from "pg";
import { findPostgres } from "../support/postgres-server.ts";
import { startRedis } from "../support/redis-server.ts";

/** The servers that stores need; what was written there goes with `stop`. */
export interface Backends {
  readonly versions: Readonly<Record<"Redis" | "PostgreSQL", string>>;
  stop(): Promise<void>;
}

/** Starts or finds them, and puts their URLs where this process and its children look for them. */
export async function startBackends(): Promise<Backends> {
  const redis = await startRedis("--appendonly", "yes", "--appendfsync", "everysec");
  const postgres = await findPostgres();
  if (redis === undefined || postgres === undefined) {
    throw new Error(
      "Expected redis-server on the PATH, and a PostgreSQL at DATABASE_URL or its binaries.",
    );
  }
  const schema = `bench_${randomBytes(6).toString("hex")}`;
  const admin = new Client({ connectionString: postgres.url });
  await admin.connect();
  await admin.query(`CREATE SCHEMA ${schema}`);
  const url = new URL(postgres.url);
  url.searchParams.set("options", `-c search_path=${schema}`);
  url.searchParams.set("application_name", schema);
  process.env["REDIS_URL"] = redis.url;
  process.env["DATABASE_URL"] = url.href;
  process.env["BENCH_SCHEMA"] = schema;
  const setting = "SELECT current_setting('server_version') AS version";
  const { rows } = await admin.query<{ version: string }>(setting);
  return {
    versions: { Redis: await versionOfRedis(redis.url), PostgreSQL: rows[0]?.version ?? "" },
    async stop() {
      const own = "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, $1)";
      const made = await admin.query<{ nspname: string }>(own, [schema]);
      for (const { nspname } of made.rows) await admin.query(`DROP SCHEMA ${nspname} CASCADE`);
      await admin.end();
      await Promise.all([redis.stop(), postgres.stop()]);
    },
  };
}

async function versionOfRedis(url: string): Promise<string> {
  const client = new Redis(url);
  const info = await client.info("server");
  client.disconnect();
  return /redis_version:(\S+)/.exec(info)?.[1] ?? "";
}
