import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeadLetters, ExpectedJobs, JobStore } from "@abstrakt-webhooks/core";
import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import { redisStore } from "@abstrakt-webhooks/store-redis";
import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";
import { Redis } from "ioredis";
import Libsql from "libsql";
import { Client } from "pg";
import { onTestFinished } from "vitest";
import { findPostgres } from "../../../../test/support/postgres-server.ts";
import { findRedis } from "../../../../test/support/redis-server.ts";

/** A store with the rows of a test, and the arguments that name it on the command line. */
export interface TestStore {
  readonly store: JobStore & DeadLetters & ExpectedJobs;
  /** `--store URL --namespace NAME` */
  readonly args: readonly string[];
  readonly url: string;
}

/** Opens a new store; it is removed at the end of the test. */
export type OpenTestStore = () => Promise<TestStore>;

const newName = (): string => `cli_${randomBytes(6).toString("hex")}`;
const [postgres, redis] = await Promise.all([findPostgres(), findRedis()]);

/** Stops the servers that were started for these tests. */
export const stopServers = async (): Promise<void> => {
  await Promise.all([postgres?.stop(), redis?.stop()]);
};

const openSqlite: OpenTestStore = async () => {
  const folder = mkdtempSync(join(tmpdir(), "cli-"));
  const file = join(folder, "jobs.db");
  const store = sqliteStore(file, { namespace: "mine" });
  await store.stats(); // creates the file
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  const url = `sqlite:${file}`;
  return { store, url, args: ["--store", url, "--namespace", "mine"] };
};

const openPostgres =
  (base: string): OpenTestStore =>
  async () => {
    const schema = newName();
    const connectionString = `${base}?options=-c%20search_path%3D${schema}`;
    const client = new Client({ connectionString });
    await client.connect();
    await client.query(`CREATE SCHEMA ${schema}`);
    const store = postgresStore({ client, namespace: "mine" });
    await store.migrate();
    onTestFinished(async () => {
      await client.query(`DROP SCHEMA ${schema} CASCADE`);
      await client.end();
    });
    return {
      store,
      url: connectionString,
      args: ["--store", connectionString, "--namespace", "mine"],
    };
  };

const openRedis =
  (url: string): OpenTestStore =>
  async () => {
    const namespace = newName();
    const client = new Redis(url);
    onTestFinished(async () => {
      const keys = await client.keys(`{${namespace}}*`);
      if (keys.length > 0) await client.unlink(...keys);
      client.disconnect();
    });
    const store = redisStore({ client, namespace });
    return { store, url, args: ["--store", url, "--namespace", namespace] };
  };

/** The file of another program, which has a table of its own. */
export function createOtherDatabase(): string {
  const folder = mkdtempSync(join(tmpdir(), "cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "other.db");
  const database = new Libsql(file);
  database.exec("CREATE TABLE notes (text TEXT)");
  database.close();
  return file;
}

/** Every kind of store, with `undefined` where its server is missing. */
export const testStores: readonly [name: string, open: OpenTestStore | undefined][] = [
  ["SQLite", openSqlite],
  ["PostgreSQL", postgres && openPostgres(postgres.url)],
  ["Redis", redis && openRedis(redis.url)],
];

/** A result with a URL that has a secret in its query. */
export const payloadOf = (jobId: string): string =>
  JSON.stringify({
    job_id: jobId,
    status: "succeeded",
    output: {
      type: "image",
      items: [{ type: "image", url: "https://cdn.example.com/a.png?sig=c4n4ry" }],
    },
    prompt: "a c4n4ry",
  });

/** Writes a result to a store and makes its job dead. */
export async function addDead(
  store: JobStore,
  jobId: string,
  error = "archive down",
  binding = "c4n4ry",
): Promise<void> {
  const lease = { owner: "test", leaseMs: 60_000 };
  const delivery = {
    jobId,
    fingerprint: "f",
    payload: payloadOf(jobId),
    source: "webhook",
  } as const;
  const ingested = await store.ingest({ ...delivery, binding }, lease);
  if (ingested.kind !== "leased") throw new Error(`Expected a lease, got ${ingested.kind}.`);
  await store.settle(ingested.lease, { to: "dead", error: `attempts_exhausted: ${error}` });
}
