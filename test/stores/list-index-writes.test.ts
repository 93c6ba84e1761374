import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import { redisStore } from "@abstrakt-webhooks/store-redis";
import { describe, expect, it, onTestFinished } from "vitest";
import { openPostgres } from "../support/postgres-database.ts";
import { findPostgres } from "../support/postgres-server.ts";
import { openRedis } from "../support/redis-database.ts";
import { findRedis } from "../support/redis-server.ts";

const DELIVERY = { jobId: "a", fingerprint: "1-a", payload: "{}", source: "webhook" } as const;
const HELD = { owner: "test", leaseMs: 60_000 };

const postgres = await findPostgres();

describe.skipIf(postgres === undefined)("PostgreSQL (needs a server)", () => {
  it("an ingest writes the same amount with the index of lists as without", async () => {
    const database = await openPostgres(postgres?.url ?? "");
    onTestFinished(database.close);
    const { client } = database;
    const store = postgresStore({ client });
    await store.migrate();
    const walRecords = async (jobId: string): Promise<number> => {
      const came = JSON.stringify([
        {
          job_id: jobId,
          fingerprint: "1-a",
          payload: "{}",
          source: "webhook",
          lease_ms: 1,
          copies: 1,
        },
      ]);
      const { rows } = await client.query(`EXPLAIN (ANALYZE, WAL, FORMAT JSON) ${INGEST}`, [came]);
      const [plan] = (rows[0] as { "QUERY PLAN": { Plan: Record<string, number> }[] })[
        "QUERY PLAN"
      ];
      return plan?.Plan["WAL Records"] ?? Number.NaN;
    };
    await walRecords("first"); // creates the first pages of the table and its indexes
    const written = await walRecords("with");
    await client.query("DROP INDEX abstrakt_jobs_settled", []);
    expect(await walRecords("without")).toBe(written);
    // The row, its confirmation, its primary key, and its entry in the index of due rows.
    expect(written).toBe(4);
  });
});

const INGEST = "SELECT * FROM abstrakt_ingest_4($1::text, 1000::float8, 1)";

const redisServer = await findRedis();

describe.skipIf(redisServer === undefined)("Redis (needs a server)", () => {
  it("an ingest writes its row and its three index entries", async () => {
    const redis = openRedis(redisServer?.url ?? "");
    onTestFinished(redis.close);
    const namespace = redis.namespace();
    const store = redisStore({ client: redis.admin, namespace });
    await store.ingest({ ...DELIVERY, jobId: "first" }, HELD);
    const monitor = await redis.admin.duplicate().monitor();
    onTestFinished(() => monitor.disconnect());
    const writes: string[] = [];
    monitor.on("monitor", (_time: string, [command = "", key = ""]: string[]) => {
      const isWrite = /^(?:Z(?:ADD|REM)|HSET|HDEL|HINCRBY|PEXPIRE|PERSIST)$/i.test(command);
      if (isWrite && key.startsWith(`{${namespace}}`)) writes.push(`${command} ${key}`);
    });
    await store.ingest(DELIVERY, HELD);
    await expect.poll(() => writes.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(5);
    expect(writes.map((write) => write.replace(`{${namespace}}:`, ""))).toEqual([
      "ZADD work",
      "ZADD age",
      "ZADD live",
      "HSET job:a",
      // This command changes nothing. A replica refuses it, so that the client notices.
      "ZREM work",
    ]);
  });
});
