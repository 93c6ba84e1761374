import { describe, expect, it } from "vitest";
import { sqliteStore, type SqliteDatabase } from "../src/index.ts";
import { leased, openDatabase, OWNER, result, temporaryFile } from "./support.ts";

function shop() {
  const path = temporaryFile();
  const mine = openDatabase(path);
  mine.exec("CREATE TABLE orders (job_id TEXT)");
  const orders = () => mine.prepare("SELECT job_id FROM orders").all();
  return { path, mine, orders };
}

describe("settleIn", () => {
  it.each([
    ["COMMIT", [{ job_id: "job" }], "done"],
    ["ROLLBACK", [], "leased"],
  ])("%s applies to the user's writes and the completion together", async (end, rows, state) => {
    const { path, mine, orders } = shop();
    const store = sqliteStore(path);
    const lease = await leased(store, "job");
    mine.exec("BEGIN IMMEDIATE");
    mine.prepare("INSERT INTO orders VALUES (?)").run("job");
    expect(await store.settleIn(mine, lease)).toBe(true);
    expect((await store.get("job"))?.state).toBe("leased"); // as read outside the transaction
    mine.exec(end);
    expect(orders()).toEqual(rows);
    expect((await store.get("job"))?.state).toBe(state);
    expect(await store.settle(lease, { to: "done" })).toBe(state === "leased");
    await store.close();
  });

  it.each([
    ["COMMIT", "done"],
    ["ROLLBACK", "leased"],
  ])("a read on the same connection waits for its %s", async (end, state) => {
    const { mine } = shop();
    const store = sqliteStore(mine);
    const lease = await leased(store, "job");
    mine.exec("BEGIN IMMEDIATE");
    await store.settleIn(mine, lease);
    const states: unknown[] = [];
    const reading = store.get("job").then((row) => states.push(row?.state));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(states).toEqual([]);
    mine.exec(end);
    await reading;
    expect(states).toEqual([state]);
  });

  it("returns false when the lease was lost", async () => {
    const { path, mine } = shop();
    const store = sqliteStore(path);
    const lease = await leased(store, "job");
    await store.settle(lease, { to: "release" });
    await store.claim({ owner: "successor", leaseMs: 60_000, limit: 1 });
    mine.exec("BEGIN IMMEDIATE");
    expect(await store.settleIn(mine, lease)).toBe(false);
    mine.exec("ROLLBACK");
    expect((await store.get("job"))?.state).toBe("leased");
    await store.close();
  });

  it("writes a given result in place of the delivered one", async () => {
    const { path, mine } = shop();
    const store = sqliteStore(path);
    const lease = await leased(store, "job");
    mine.exec("BEGIN IMMEDIATE");
    await store.settleIn(mine, lease, { payload: "confirmed", fingerprint: "1-z" });
    mine.exec("COMMIT");
    expect(await store.get("job")).toMatchObject({ state: "done", payload: "confirmed" });
    const { kind } = await store.ingest({ ...result("job"), fingerprint: "1-z" }, OWNER);
    expect(kind).toBe("duplicate");
    await store.close();
  });

  it("refuses a connection without a transaction, which would complete the job at once", async () => {
    const { path, mine } = shop();
    const store = sqliteStore(path);
    const lease = await leased(store, "job");
    await expect(store.settleIn(mine, lease)).rejects.toThrow("BEGIN IMMEDIATE");
    expect((await store.get("job"))?.state).toBe("leased");
    await store.close();
  });

  it("refuses a connection whose transaction has ended, whether or not the driver reports that", async () => {
    const { path, mine } = shop();
    const store = sqliteStore(path);
    const lease = await leased(store, "job");
    const silent: SqliteDatabase = {
      exec: (sql) => mine.exec(sql),
      prepare: (sql) => mine.prepare(sql),
      close: () => undefined,
    };
    for (const tx of [mine, silent]) {
      mine.exec("BEGIN IMMEDIATE");
      mine.exec("COMMIT");
      await expect(store.settleIn(tx, lease)).rejects.toMatchObject({ code: "invalid_options" });
    }
    expect((await store.get("job"))?.state).toBe("leased");
    mine.exec("BEGIN IMMEDIATE");
    expect(await store.settleIn(silent, lease)).toBe(true);
    mine.exec("COMMIT");
    await store.close();
  });

  it("completes a job once in one transaction, and is refused in the next", async () => {
    const { path, mine } = shop();
    const store = sqliteStore(path);
    const lease = await leased(store, "job");
    mine.exec("BEGIN IMMEDIATE");
    expect(await store.settleIn(mine, lease)).toBe(true);
    expect(await store.settleIn(mine, lease)).toBe(true);
    mine.exec("COMMIT");
    const row = await store.get("job");
    mine.exec("BEGIN IMMEDIATE");
    expect(await store.settleIn(mine, lease)).toBe(false);
    mine.exec("ROLLBACK");
    expect(await store.get("job")).toEqual(row);
    await store.close();
  });

  it("refuses a value that is no database", async () => {
    const none = sqliteStore(temporaryFile()).settleIn({} as never, { jobId: "job", fence: 1 });
    await expect(none).rejects.toThrow("Expected `tx` to be an open database of node:sqlite");
  });

  it("on the store's own connection keeps other writes waiting, and out of the transaction", async () => {
    const { mine, orders } = shop();
    const store = sqliteStore(mine);
    const lease = await leased(store, "job");
    mine.exec("BEGIN IMMEDIATE");
    mine.prepare("INSERT INTO orders VALUES (?)").run("job");
    const other = leased(store, "other");
    expect(await store.settleIn(mine, lease)).toBe(true);
    await new Promise((resolve) => setImmediate(resolve));
    mine.exec("ROLLBACK");
    expect((await other).attempt).toBe(1);
    expect(orders()).toEqual([]);
    expect((await store.get("job"))?.state).toBe("leased");
    expect((await store.get("other"))?.state).toBe("leased");
  });
});
