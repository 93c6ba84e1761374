import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";
import { createManualClock } from "@abstrakt-webhooks/testing";
import Database from "libsql";
import { afterAll, describe } from "vitest";
import {
  inTransaction,
  openPglite,
  openPostgres,
  type TestDatabase,
} from "../support/postgres-database.ts";
import { findPostgres } from "../support/postgres-server.ts";
import { settleInTests, type Shop } from "./settle-in-suite.ts";

function shopsIn(database: TestDatabase): () => Promise<Shop> {
  let count = 0;
  return async () => {
    const namespace = `shop_${(count += 1)}`;
    const effects = `${namespace}_effects`;
    await database.client.query(`CREATE TABLE ${effects} (job_id text)`, []);
    const stores = [database.client, database.another()] as const;
    const [first, second] = stores.map((client) => postgresStore({ client, namespace }));
    await first?.migrate();
    return {
      stores: [first, second] as Shop["stores"],
      transaction: (jobId, work) =>
        inTransaction(database.client, async (tx) => {
          await tx.query(`INSERT INTO ${effects} VALUES ($1)`, [jobId]);
          await work(tx);
        }),
      async effects() {
        const { rows } = await database.client.query(`SELECT job_id FROM ${effects}`, []);
        return (rows as { job_id: string }[]).map((row) => row.job_id);
      },
      elapse: database.elapse,
      close: async () => undefined,
    };
  };
}

describe("settleIn on PGlite", async () => {
  const database = await openPglite();
  afterAll(() => database.close());
  settleInTests(shopsIn(database));
});

const server = await findPostgres();

describe.skipIf(server === undefined)("settleIn through pg (needs a server)", async () => {
  if (server === undefined) return;
  const database = await openPostgres(server.url);
  afterAll(async () => {
    await database.close();
    await server.stop();
  });
  settleInTests(shopsIn(database));
});

describe("settleIn on SQLite, through libsql", () => {
  settleInTests(async () => {
    const folder = mkdtempSync(join(tmpdir(), "settle-in-"));
    const path = join(folder, "jobs.db");
    const clock = createManualClock();
    const stores = [0, 1].map(() => sqliteStore(path, { clock: clock.now }));
    const shop = new Database(path, { timeout: 250 });
    shop.exec("PRAGMA journal_mode = WAL; CREATE TABLE effects (job_id TEXT)");
    // One after the other, as the README says, because two on one thread would wait for each other.
    let turn = Promise.resolve();
    const transaction: Shop["transaction"] = (jobId, work) => {
      const done = turn.then(async () => {
        shop.exec("BEGIN IMMEDIATE");
        try {
          shop.prepare("INSERT INTO effects VALUES (?)").run(jobId);
          await work(shop);
          shop.exec("COMMIT");
        } catch (thrown) {
          shop.exec("ROLLBACK");
          throw thrown;
        }
      });
      turn = done.catch(() => undefined);
      return done;
    };
    return {
      stores: stores as unknown as Shop["stores"],
      transaction,
      effects: async () =>
        (shop.prepare("SELECT job_id FROM effects").all() as { job_id: string }[]).map(
          (row) => row.job_id,
        ),
      elapse: async (ms) => clock.advance(ms),
      async close() {
        for (const store of stores) await store.close();
        shop.close();
        rmSync(folder, { recursive: true });
      },
    };
  });
});
