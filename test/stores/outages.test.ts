import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  abstraktWebhook,
  type Delivery,
  type JobStore,
  type ReceiverEvent,
} from "@abstrakt-webhooks/express";
import { postgresStore, type PostgresStore } from "@abstrakt-webhooks/store-postgres";
import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";
import { deliver, succeededPayload } from "@abstrakt-webhooks/testing";
import express from "express";
import Database from "libsql";
import { Pool } from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { findPostgres } from "../support/postgres-server.ts";
import { openPostgres } from "../support/postgres-database.ts";
import { switchableProxy } from "../support/switchable-proxy.ts";

const STORE_TIMEOUT_MS = 1_000;
const READ_ONLY = /(is read-only\. Let the process write|cannot be opened)/;

interface Broken {
  readonly store: JobStore;
  /** The advice of the warning. */
  readonly advice: RegExp;
  /** Follows the advice; absent where only another configuration helps. */
  mend?(): Promise<void> | void;
  /** The store still answers nextDueInMs, so the loop sees no outage that ends. */
  readonly looksEmpty?: true;
}

/** Every broken store must have the same effects: 503, advice, no fast repeats, and recovery. */
function outage(name: string, breakIt: () => Promise<Broken> | Broken): void {
  it(name, async () => {
    const { store, advice, mend, looksEmpty } = await breakIt();
    const events: ReceiverEvent[] = [];
    const calls: string[] = [];
    const claim: JobStore["claim"] = (o) => {
      calls.push("claim");
      return store.claim(o);
    };
    const webhook = abstraktWebhook({
      auth: "none",
      store: { ...store, claim },
      onSucceeded: () => undefined,
      onEvent: (event) => void events.push(event),
      limits: { storeTimeoutMs: STORE_TIMEOUT_MS },
    });
    const app = express().post("/hook", webhook);
    const server = createServer(app).listen(0);
    onTestFinished(async () => {
      await webhook.receiver.drain({ timeoutMs: 0 });
      server.closeAllConnections();
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    const told = <T extends ReceiverEvent["type"]>(type: T) =>
      events.filter((event): event is Extract<ReceiverEvent, { type: T }> => event.type === type);

    await expect(webhook.receiver.ready()).rejects.toThrow(advice);
    webhook.receiver.start();
    const job = { ...succeededPayload(), message: "too long for what is left ".repeat(2_000) };
    for (let sent = 0; sent < 3; sent += 1) {
      const [answer] = await deliver(url, job);
      expect(answer).toMatchObject({
        status: 503,
        body: { received: false, error: { code: "store_unavailable" } },
      });
      expect(answer?.headers["retry-after"]).toBe("5");
    }
    for (const { ackMs } of told("refused")) expect(ackMs).toBeLessThan(STORE_TIMEOUT_MS + 1_000);
    await expect.poll(() => told("warning").length, { timeout: 5_000 }).toBeGreaterThan(0);
    const warnings = told("warning").map(({ error }) => error);
    expect(warnings.filter(({ code }) => code === "store_unavailable")).toHaveLength(
      warnings.length,
    );
    for (const { message } of warnings) expect(message).toMatch(advice);
    // The loop asks at once, and then not sooner than a second later.
    expect(calls.length).toBeLessThanOrEqual(5);
    expect(told("done")).toEqual([]);

    if (mend === undefined) return;
    await mend();
    await webhook.receiver.ready();
    if (looksEmpty !== true) {
      await store.ingest(waiting, { owner: "another instance", leaseMs: 0 });
      const done = () => told("done").map(({ jobId }) => jobId);
      await expect.poll(done, { timeout: 15_000 }).toEqual([waiting.jobId]);
    }
    const before = told("done").length;
    expect((await deliver(url, job))[0]).toMatchObject({ status: 200 });
    await expect.poll(() => told("done").length).toBe(before + 1);
    expect(told("warning")).toHaveLength(warnings.length);
  });
}

const waiting: Delivery = {
  jobId: "job_waiting",
  fingerprint: "1-waiting",
  payload: JSON.stringify(succeededPayload({ job_id: "job_waiting" })),
  source: "webhook",
};

describe("an SQLite file", () => {
  const folder = () => {
    const path = mkdtempSync(join(tmpdir(), "outage-"));
    onTestFinished(() => rmSync(path, { recursive: true, force: true }));
    return path;
  };
  const open = () => {
    const database = new Database(join(folder(), "jobs.db"));
    onTestFinished(() => void database.close());
    return database;
  };

  outage("in a folder that is missing", () => {
    const missing = join(folder(), "missing");
    return {
      store: sqliteStore(join(missing, "jobs.db")),
      advice: /cannot be opened\. Create its folder/,
      mend: () => mkdirSync(missing),
    };
  });

  outage("that is no database", () => {
    const path = join(folder(), "jobs.db");
    writeFileSync(path, "a text, and a long one".repeat(100));
    return {
      store: sqliteStore(path),
      advice: /is not an SQLite database\. Give another path/,
      mend: () => rmSync(path),
    };
  });

  outage("whose connection takes no writes", async () => {
    const database = open();
    const store = sqliteStore(database);
    await store.get("makes the tables");
    database.exec("PRAGMA query_only = ON");
    return {
      store,
      advice: READ_ONLY,
      mend: () => void database.exec("PRAGMA query_only = OFF"),
    };
  });

  describe.skipIf(process.getuid?.() === 0)("(for root no file is read-only)", () => {
    outage("that is read-only", async () => {
      const inside = folder();
      const path = join(inside, "jobs.db");
      const writing = sqliteStore(path);
      await writing.get("makes the tables");
      await writing.close();
      chmodSync(path, 0o444);
      chmodSync(inside, 0o555);
      onTestFinished(() => chmodSync(inside, 0o755));
      return { store: sqliteStore(path), advice: READ_ONLY };
    });
  });

  outage("that is full", async () => {
    const database = open();
    const store = sqliteStore(database);
    await store.get("makes the tables");
    database.exec("PRAGMA max_page_count = 1"); // the file has as many already
    return {
      store,
      looksEmpty: true,
      advice: /is full\. Free space on the disk, or raise/,
      mend: () => void database.exec("PRAGMA max_page_count = 10000"),
    };
  });
});

const server = await findPostgres();

describe.skipIf(server === undefined)("PostgreSQL (needs a server)", () => {
  const open = async (change: (url: URL) => void = () => undefined) => {
    const database = await openPostgres(server?.url ?? "");
    const url = new URL(server?.url ?? "");
    change(url);
    url.searchParams.set("options", `-c search_path=${database.schema},pg_catalog`);
    const pool = new Pool({ connectionString: url.href, connectionTimeoutMillis: 300 });
    pool.on("error", () => undefined);
    onTestFinished(async () => {
      await pool.end();
      await database.close();
    });
    const migrated: PostgresStore = postgresStore({ client: database.client });
    return { pool, store: postgresStore({ client: pool }), migrate: () => migrated.migrate() };
  };

  for (const [name, state] of [
    ["that cannot be reached", "closed"],
    ["that accepts and is silent", "silent"],
  ] as const) {
    outage(name, async () => {
      const { hostname, port } = new URL(server?.url ?? "");
      const proxy = await switchableProxy({ host: hostname, port: Number(port || 5432) });
      onTestFinished(() => proxy.turn("closed"));
      await proxy.turn(state);
      const { store, migrate } = await open((url) => {
        url.hostname = "127.0.0.1";
        url.port = String(proxy.port);
      });
      await migrate();
      return {
        store,
        advice: /PostgreSQL did not answer\. Check that it runs and is reachable/,
        mend: () => proxy.turn("through"),
      };
    });
  }

  outage("at a URL of another name", async () => {
    const { store } = await open((url) => (url.hostname = "nowhere.invalid"));
    return { store, advice: /host and port in the connection string/ };
  });

  outage("without the database", async () => {
    const { store } = await open((url) => (url.pathname = "/no_such_database"));
    return { store, advice: /database does not exist\. Create it/ };
  });

  outage("that was not migrated", async () => {
    const { store, migrate } = await open();
    return { store, advice: /is missing or older.*await store\.migrate\(\)/, mend: migrate };
  });
});
