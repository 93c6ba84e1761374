import { createReceiver, type ReceiverEvent } from "@abstrakt-webhooks/core";
import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { Client, Pool } from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { findPostgres } from "../support/postgres-server.ts";

const server = await findPostgres();

describe.skipIf(server === undefined)("PostgreSQL in LATIN1 (needs a server)", () => {
  /** A new database, because an encoding belongs to a database. */
  const openLatin1 = async (): Promise<Pool> => {
    const name = `latin1_${Date.now()}_${process.pid}`;
    const admin = new Client(server?.url);
    await admin.connect();
    await admin.query(
      `CREATE DATABASE ${name} ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`,
    );
    const url = new URL(server?.url ?? "");
    url.pathname = `/${name}`;
    const pool = new Pool({ connectionString: url.href });
    onTestFinished(async () => {
      await pool.end();
      await admin.query(`DROP DATABASE ${name}`);
      await admin.end();
    });
    return pool;
  };

  it("a job whose callback throws an emoji is retried and then dead, and other jobs run meanwhile", async () => {
    const store = postgresStore({ client: await openLatin1() });
    await store.migrate();
    const events: ReceiverEvent[] = [];
    const broken = succeededPayload();
    const receiver = createReceiver({
      auth: "none",
      store,
      limits: { concurrency: 1 },
      retry: { maxAttempts: 3, minDelayMs: 1, maxDelayMs: 1 },
      onEvent: (event) => void events.push(event),
      onSucceeded: ({ job_id }) => {
        if (job_id === broken.job_id) throw new Error("caf\u00e9 \u{1F4A5} \u0000 end");
      },
    });
    onTestFinished(async () => void (await receiver.drain()));
    await receiver.ingest(broken);
    const others = Array.from({ length: 10 }, () => succeededPayload());
    for (const other of others) await receiver.ingest(other);
    receiver.start();
    const count = (type: ReceiverEvent["type"]) =>
      events.filter((event) => event.type === type).length;
    await expect.poll(() => count("dead"), { timeout: 15_000 }).toBe(1);
    await expect.poll(() => count("done"), { timeout: 15_000 }).toBe(others.length);
    expect(count("retry")).toBe(2);
    expect(count("warning")).toBe(0);
    expect(await store.get(broken.job_id)).toMatchObject({
      state: "dead",
      attempts: 3,
      error: expect.stringMatching(/^Error: caf.*end$/),
    });
  });

  it("a confirmed result keeps its characters as JSON escapes", async () => {
    const store = postgresStore({ client: await openLatin1() });
    await store.migrate();
    const held = { owner: "test", leaseMs: 60_000 };
    const delivery = { jobId: "a", fingerprint: "1-a", payload: "{}", source: "webhook" } as const;
    const ingested = await store.ingest(delivery, held);
    if (ingested.kind !== "leased") throw new Error(ingested.kind);
    const payload = JSON.stringify({ text: "\u{1F4A5} caf\u00e9" });
    const result = { payload, fingerprint: "1-b" };
    expect(await store.settle(ingested.lease, { to: "done", result })).toBe(true);
    const row = await store.get("a");
    expect(JSON.parse(row?.payload ?? "")).toEqual(JSON.parse(payload));
  });
});
