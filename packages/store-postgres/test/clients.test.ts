import { postgresStore, type PostgresClient } from "@abstrakt-webhooks/store-postgres";
import { Client, Pool } from "pg";
import postgres from "postgres";
import { expect, it } from "vitest";
import { HELD, onPostgres, result, STORED } from "./on-postgres.ts";

const PAYLOAD = ' {"text": "\u{1F3A8} \\u0000 \\\\ \' {a,b}", "n": 1.0} ';

/** A job from first to last, through every statement of the store. */
async function live(client: PostgresClient, namespace: string): Promise<void> {
  const store = postgresStore({ client, namespace });
  await store.migrate();
  await store.migrate();
  const binding = "x".repeat(20);
  const delivery = { ...result("a"), payload: PAYLOAD, binding };
  await store.expect("a", { pollAfterMs: 0, giveUpAfterMs: 1_000, binding });
  const [poll] = await store.claimPolls({ limit: 5, leaseMs: 1_000 });
  expect(poll).toEqual({ jobId: "a", fence: 1, polls: 1, overdue: false, binding });
  expect(await store.settlePoll({ jobId: "a", fence: 1 }, { againAfterMs: 500 })).toBe(true);
  const ingested = await store.ingest(delivery, HELD);
  expect(ingested).toMatchObject({
    lease: { fence: 2, attempt: 1, payload: PAYLOAD, binding, expected: true, source: "webhook" },
  });
  expect(await store.ingest(delivery, STORED)).toEqual({ kind: "duplicate", state: "leased" });
  const held = { jobId: "a", fence: 2 };
  expect(await store.settle(held, { to: "extend", leaseMs: 9_000 })).toBe(true);
  expect(await store.settle(held, { to: "retry", delayMs: 9_000, error: "busy" })).toBe(true);
  const due = (await store.nextDueInMs()) ?? 0;
  expect(due > 0 && due <= 9_000).toBe(true);
  const [lease] = await store.claim({ ...HELD, limit: 1, jobId: "a" });
  expect(lease).toMatchObject({ fence: 3, attempt: 2, payload: PAYLOAD });
  expect(Number.isInteger(lease?.receivedAtMs)).toBe(true);
  expect(await store.settle({ jobId: "a", fence: 3 }, { to: "release" })).toBe(true);
  expect((await store.claim({ ...HELD, limit: 9 })).map(({ fence }) => fence)).toEqual([4]);
  const last = { jobId: "a", fence: 4 };
  expect(await store.settle(last, { to: "dead", error: "gone" })).toBe(true);
  expect(await store.redrive("a")).toBe(true);
  expect(await store.claim({ ...HELD, limit: 9 })).toHaveLength(1);
  const tx: PostgresClient = { query: (text, values) => client.query(text, values) };
  const completing = store.settleIn(tx, { jobId: "a", fence: 5 });
  await expect(completing).rejects.toThrow("Expected a transaction to be open on `tx`");
  expect(await store.settle({ jobId: "a", fence: 5 }, { to: "done" })).toBe(true);
  expect(await store.stats()).toEqual({ expected: 0, pending: 0, leased: 0, done: 1, dead: 0 });
  const record = await store.get("a");
  expect(record).toMatchObject({ state: "done", payload: PAYLOAD, fence: 5, conflicts: 0 });
  expect((await store.list({ limit: 5 })).records).toEqual([record]);
  expect((await store.list({ limit: 5, state: "done" })).records).toEqual([record]);
  expect((await store.list({ limit: 5, prefix: "a" })).records).toEqual([record]);
  await store.ready();
  expect(await store.prune({ limit: 5 })).toBe(0);
  expect((await store.inspect()).warnings).not.toContain(undefined);
}

await onPostgres("clients", (on) => {
  const config = () => ({
    connectionString: on.url,
    options: `-c search_path=${on.database.schema},pg_catalog`,
  });

  it("pg: a pool works", async () => {
    const pool = new Pool(config());
    await live(pool, "pool");
    await pool.end();
  });

  it("pg: one connection works", async () => {
    const client = new Client(config());
    await client.connect();
    await live(client, "connection");
    await client.end();
  });

  it("pg: one connection gets one query at a time", async () => {
    const warnings: string[] = [];
    const warn = ({ name }: Error): void => void warnings.push(name);
    process.on("warning", warn);
    const client = new Client(config());
    await client.connect();
    const store = postgresStore({ client, namespace: "in_turn" });
    await store.migrate();
    const asked = [store.get("a"), store.nextDueInMs(), store.stats(), store.get("b")];
    expect(await Promise.all(asked)).toMatchObject([undefined, undefined, { done: 0 }, undefined]);
    await client.end();
    // A query after end() fails, and later queries fail as well instead of waiting.
    await expect(store.get("a")).rejects.toMatchObject({ code: "store_unavailable" });
    await expect(store.get("b")).rejects.toMatchObject({ code: "store_unavailable" });
    process.off("warning", warn);
    // pg warns of a second query on a busy connection, and a later version refuses it.
    expect(warnings).toEqual([]);
  });

  it("postgres.js works by a wrapper, also when it renames columns", async () => {
    const sql = postgres(on.url, {
      transform: postgres.camel,
      connection: { search_path: `${on.database.schema},pg_catalog` },
      onnotice: () => undefined,
    });
    await live(
      {
        query: async (text, values) => ({ rows: await sql.unsafe(text, values as string[]) }),
      },
      "postgres_js",
    );
    await sql.end();
  });

  it("a pooler in transaction mode works: no statement needs what another left in its session", async () => {
    const connections = [0, 1, 2].map(() => new Client(config()));
    await Promise.all(connections.map((connection) => connection.connect()));
    let statements = 0;
    const pooler: PostgresClient = {
      async query(text, values) {
        const connection = connections[(statements += 1) % connections.length];
        const answer = await connection?.query(text, values);
        await connection?.query("DISCARD ALL");
        return answer ?? { rows: [] };
      },
    };
    await live(pooler, "pooler");
    expect(statements).toBeGreaterThan(20);
    await Promise.all(connections.map((connection) => connection.end()));
  });
});
