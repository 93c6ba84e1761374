import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { deliver, succeededPayload } from "@abstrakt-webhooks/testing";
import { Client } from "pg";
import { afterAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { findPostgres } from "../../../test/support/postgres-server.ts";
import { runScript } from "../../../test/support/run-script.ts";
import { switchableProxy } from "../../../test/support/switchable-proxy.ts";

const folder = fileURLToPath(new URL("..", import.meta.url));
const server = await findPostgres();
const patience = { timeout: 20_000, interval: 50 };

const newSchema = () => `test_${randomBytes(6).toString("hex")}`;
const within = (url: string, schema: string) => `${url}?options=-c%20search_path%3D${schema}`;

describe.skipIf(server === undefined)("on PostgreSQL (needs a server)", () => {
  afterAll(() => server?.stop());

  it("writes each entry exactly once, although kill -9 ends one of two instances", async () => {
    const schema = newSchema();
    const connectionString = within(server?.url ?? "", schema);
    const connect = async () => {
      const client = new Client({ connectionString });
      await client.connect();
      return client;
    };
    const [database, other] = [await connect(), await connect()];
    onTestFinished(async () => {
      await database.query(`DROP SCHEMA ${schema} CASCADE`);
      await Promise.all([database.end(), other.end()]);
    });
    await database.query(`CREATE SCHEMA ${schema}`);
    await database.query(readFileSync(`${folder}ledger.sql`, "utf8"));

    const start = async (name: string) => {
      const app = runScript(folder, "start", {
        env: {
          PORT: "0",
          LEASE_MS: "2000",
          DATABASE_URL: `${connectionString}&application_name=${schema}_${name}`,
        },
      });
      const [hook] = await app.seen(/http:\S+/);
      return { ...app, hook };
    };
    const [first, second] = await Promise.all([start("first"), start("second")]);
    const jobs = Array.from({ length: 30 }, () => succeededPayload());
    const deliverAll = async (hooks: readonly string[]) => {
      const sent = jobs.flatMap((job) => hooks.map((hook) => deliver(hook, job)));
      return (await Promise.all(sent)).flat().map(({ status, body }) => ({ status, body }));
    };

    // Every callback waits in its transaction until this lock is released.
    await other.query("BEGIN");
    await other.query("LOCK TABLE ledger IN SHARE MODE");
    const answers = await deliverAll([first.hook, second.hook]);
    const duplicates = answers.filter(({ body }) => (body as { duplicate?: true }).duplicate);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(duplicates).toHaveLength(jobs.length);
    const stopped = async () => {
      const { rows } = await database.query<{ application_name: string }>(
        "SELECT application_name FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND starts_with(application_name, $1)",
        [schema],
      );
      return new Set(rows.map((row) => row.application_name));
    };
    await expect.poll(stopped, patience).toContain(`${schema}_first`);
    first.kill();
    expect(await first.ended).toBe("SIGKILL");
    await other.query("ROLLBACK");

    const third = await start("third");
    const states = async () => {
      const { rows } = await database.query<{ state: string; jobs: number }>(
        "SELECT state, count(*)::integer AS jobs FROM abstrakt_jobs GROUP BY state",
      );
      return rows;
    };
    await expect.poll(states, patience).toEqual([{ state: "done", jobs: jobs.length }]);
    const again = await deliverAll([second.hook, third.hook]);
    expect(again).toEqual(
      again.map(() => ({ status: 200, body: { received: true, duplicate: true } })),
    );

    for (const app of [second, third]) {
      app.terminate();
      expect(await app.ended).toBe(0);
    }
    const { rows: ledger } = await database.query<{ job_id: string }>("SELECT job_id FROM ledger");
    expect(ledger.map((entry) => entry.job_id).sort()).toEqual(
      jobs.map((job) => job.job_id).sort(),
    );
    const { rows: twice } = await database.query("SELECT FROM abstrakt_jobs WHERE attempts > 1");
    expect(twice.length).toBeGreaterThan(0);
  }, 90_000);

  it("fails one transaction, and nothing else, when a connection breaks between two statements", async () => {
    vi.stubEnv("DATABASE_URL", server?.url);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { pool, transaction } = await import("../database.ts");
    onTestFinished(() => pool.end());
    const cutOff = transaction(async (tx) => {
      // Without a listener for errors, the next step would end this process.
      expect(tx.listenerCount("error")).toBeGreaterThan(0);
      const { rows } = await tx.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
      // `once` of node:events would also listen for errors, so it is not used here.
      const broken = new Promise<void>((resolve) => tx.once("end", () => resolve()));
      await pool.query("SELECT pg_terminate_backend($1)", [rows[0]?.pid]);
      await broken;
      await tx.query("SELECT 1");
    });
    await expect(cutOff).rejects.toThrow(/not queryable|terminat/);
    expect((await pool.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  });

  it("prints an error and answers 503 while the database is down, and then handles results", async () => {
    const url = new URL(server?.url ?? "");
    const schema = newSchema();
    const database = new Client({ connectionString: url.href });
    await database.connect();
    onTestFinished(async () => {
      await database.query(`DROP SCHEMA ${schema} CASCADE`);
      await database.end();
    });
    await database.query(`CREATE SCHEMA ${schema}`);
    await database.query(`SET search_path TO ${schema}`);
    await database.query(readFileSync(`${folder}ledger.sql`, "utf8"));
    const proxy = await switchableProxy({ host: url.hostname, port: Number(url.port || 5432) });
    onTestFinished(() => proxy.turn("closed"));
    url.hostname = "127.0.0.1";
    url.port = String(proxy.port);

    const app = runScript(folder, "start", {
      env: { PORT: "0", DATABASE_URL: within(url.href, schema) },
    });
    const [hook] = await app.seen(/http:\S+/);
    const job = succeededPayload();
    expect((await deliver(hook, job))[0]?.status).toBe(503);
    await app.seen(/PostgreSQL did not answer\. Check that it runs/);
    await proxy.turn("through");
    await expect.poll(async () => (await deliver(hook, job))[0]?.status, patience).toBe(200);
    const entries = async () => (await database.query("SELECT job_id FROM ledger")).rows;
    await expect.poll(entries, patience).toEqual([{ job_id: job.job_id }]);
    app.terminate();
    expect(await app.ended).toBe(0);
  }, 60_000);
});
