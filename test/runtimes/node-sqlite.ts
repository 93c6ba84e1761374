// Node 22 runs this file on the sources and strips the types; `runtimes.test.ts` starts it.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, describe, it } from "node:test";
import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";
import { createManualClock, runStoreSuite } from "@abstrakt-webhooks/testing";
import fc from "fast-check";
import { openFile } from "../../packages/store-sqlite/src/open-file.ts";
import { bootSqlite } from "../stores/boot-sqlite.ts";
import { commands } from "../stores/model-commands.ts";
import { RETENTION, runModel } from "../stores/run-model.ts";

const folder = mkdtempSync(join(tmpdir(), "node-sqlite-"));
after(() => rmSync(folder, { recursive: true }));

const OWNER = { owner: "test", leaseMs: 60_000 };
const result = (jobId: string, payload = "{}") =>
  ({ jobId, fingerprint: "1-a", payload, source: "webhook" }) as const;

it("a path is opened by node:sqlite", async () => {
  const database = await openFile(":memory:");
  assert.ok(database instanceof DatabaseSync);
  database.close();
});

describe("SQLite store on node:sqlite", () => {
  runStoreSuite({ describe, it, skip: it.skip }, bootSqlite, { shared: true, namespaces: true });
});

it("500 random histories agree with the model", async () => {
  const UNIT_MS = 1_000;
  const history = fc.asyncProperty(commands(40), async (steps) => {
    const clock = createManualClock();
    const store = sqliteStore(":memory:", {
      doneTtlMs: RETENTION.done * UNIT_MS,
      deadTtlMs: RETENTION.dead * UNIT_MS,
      clock: clock.now,
    });
    await runModel({ store, elapse: async (ms) => clock.advance(ms) }, steps, UNIT_MS);
    await store.close();
  });
  await fc.assert(history, { numRuns: 500 });
});

describe("errors of node:sqlite say what to do", () => {
  it("for a read-only database", async () => {
    const path = join(folder, "read-only.db");
    const writing = sqliteStore(path);
    await writing.ingest(result("job"), OWNER);
    await writing.close();
    const database = new DatabaseSync(path, { readOnly: true });
    const store = sqliteStore(database);
    assert.equal((await store.get("job"))?.state, "leased");
    await assert.rejects(store.ingest(result("other"), OWNER), /is read-only\. Let the process/);
    database.close();
  });

  it("for a full database", async () => {
    const database = new DatabaseSync(join(folder, "full.db"));
    const store = sqliteStore(database);
    await store.ingest(result("job"), OWNER);
    database.exec("PRAGMA max_page_count = 12");
    const big = result("big", "x".repeat(200_000));
    await assert.rejects(store.ingest(big, OWNER), /is full\. Free space/);
    database.close();
  });

  it("for a file that is no database, and for a missing folder", async () => {
    const path = join(folder, "text.db");
    writeFileSync(path, "a text, and a long one".repeat(100));
    await assert.rejects(sqliteStore(path).get("job"), /is not an SQLite database/);
    await assert.rejects(sqliteStore(join(folder, "no/jobs.db")).get("job"), /Create its folder/);
  });

  it("for a locked database, until it is unlocked", async () => {
    const path = join(folder, "locked.db");
    const other = new DatabaseSync(path);
    const store = sqliteStore(path);
    await store.get("opens and migrates");
    other.exec("BEGIN IMMEDIATE");
    const ingested = store.ingest(result("job"), OWNER);
    await new Promise((resolve) => setTimeout(resolve, 150));
    other.exec("COMMIT");
    assert.equal((await ingested).kind, "leased");
    await store.close();
    other.close();
  });
});

it("settleIn commits and rolls back with the user's own writes", async () => {
  const database = new DatabaseSync(join(folder, "settle.db"));
  const store = sqliteStore(database);
  await store.ingest(result("job"), OWNER);
  for (const [end, state] of [
    ["ROLLBACK", "leased"],
    ["COMMIT", "done"],
  ] as const) {
    database.exec("BEGIN IMMEDIATE");
    assert.equal(await store.settleIn(database, { jobId: "job", fence: 1 }), true);
    database.exec(end);
    assert.equal((await store.get("job"))?.state, state);
  }
  database.close();
});
