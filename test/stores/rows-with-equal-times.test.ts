import type { DeadLetters, JobStore } from "@abstrakt-webhooks/core";
import { memoryStore } from "@abstrakt-webhooks/core";
import { d1Store } from "@abstrakt-webhooks/store-cloudflare";
import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import { redisStore } from "@abstrakt-webhooks/store-redis";
import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";
import { createManualClock } from "@abstrakt-webhooks/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { openLibsqlD1 } from "../support/libsql-d1.ts";
import { openPostgres } from "../support/postgres-database.ts";
import { findPostgres } from "../support/postgres-server.ts";
import { openRedis } from "../support/redis-database.ts";
import { findRedis } from "../support/redis-server.ts";

type Store = JobStore & DeadLetters;

const ROWS = 3_000;
const PAGE = 10;
const clock = () => createManualClock().now;

async function fill(store: Store): Promise<void> {
  const ids = Array.from({ length: ROWS }, (_, index) => `job-${index}`);
  const deliver = (jobId: string) =>
    store.ingest(
      { jobId, fingerprint: "1-a", payload: "{}", source: "webhook" },
      { owner: "test", leaseMs: 0 },
    );
  await Promise.all(ids.map(deliver));
}

async function expectEachOnce(store: Store): Promise<void> {
  const seen: string[] = [];
  let pages = 0;
  let after: string | undefined;
  do {
    const o = { state: "pending", limit: PAGE, payloads: false } as const;
    const page = await store.list(after === undefined ? o : { ...o, after });
    seen.push(...page.records.map((record) => record.jobId));
    after = page.next;
    pages += 1;
  } while (after !== undefined && pages <= ROWS);
  expect(seen).toHaveLength(ROWS);
  expect(new Set(seen).size).toBe(ROWS);
  expect(pages).toBe(ROWS / PAGE);
}

describe(`${ROWS} rows with the same due time are each listed once, in pages of ${PAGE}`, () => {
  it("in memory", async () => {
    const store = memoryStore({ clock: clock() });
    await fill(store);
    await expectEachOnce(store);
  });

  it("in SQLite", async () => {
    const store = sqliteStore(":memory:", { clock: clock() });
    await fill(store);
    await expectEachOnce(store);
  });

  it("in D1", async () => {
    const store = d1Store(openLibsqlD1(), { clock: clock() });
    await fill(store);
    await expectEachOnce(store);
  });
});

const postgres = await findPostgres();

it.skipIf(postgres === undefined)(
  "${ROWS} rows with the same due time are each listed once in PostgreSQL (needs a server)",
  async () => {
    const database = await openPostgres(postgres?.url ?? "");
    onTestFinished(database.close);
    const store = postgresStore({ client: database.client });
    await store.migrate();
    await fill(store);
    // A microsecond is PostgreSQL's own unit, and a double of milliseconds cannot hold this one.
    await database.client.query(
      "UPDATE abstrakt_jobs SET due_at = date_trunc('second', now()) + interval '0.123457 s'",
      [],
    );
    await expectEachOnce(store);
  },
);

const redisServer = await findRedis();

it.skipIf(redisServer === undefined)(
  "${ROWS} rows with the same due time are each listed once in Redis (needs a server)",
  async () => {
    const redis = openRedis(redisServer?.url ?? "");
    onTestFinished(redis.close);
    const namespace = redis.namespace();
    const store = redisStore({ client: redis.admin, namespace });
    await fill(store);
    await redis.admin.eval(ONE_TIME, 1, `{${namespace}}:work`);
    await expectEachOnce(store);
  },
);

/** Gives every entry of an index the same time. */
const ONE_TIME = `
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  redis.call('ZADD', KEYS[1], 1700000000000, id)
end`;
