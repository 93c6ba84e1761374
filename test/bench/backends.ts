import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { findPostgres } from "../support/postgres-server.ts";
import { startRedis } from "../support/redis-server.ts";

/** The servers that stores need; what was written there goes with `stop`. */
export interface Backends {
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
  process.env["REDIS_URL"] = redis.url;
  process.env["DATABASE_URL"] = url.href;
  return {
    async stop() {
      await admin.query(`DROP SCHEMA ${schema} CASCADE`);
      await admin.end();
      await Promise.all([redis.stop(), postgres.stop()]);
    },
  };
}
