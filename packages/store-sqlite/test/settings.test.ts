import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sqliteStore } from "../src/index.ts";
import { leased, openDatabase, query, temporaryFile } from "./support.ts";

describe("the settings of a database", () => {
  it("are WAL, an fsync for every commit and a short busy timeout", async () => {
    const database = openDatabase();
    const read = (name: string): unknown =>
      Object.values(query(database, `PRAGMA ${name}`)[0] as object)[0];
    database.exec("PRAGMA busy_timeout = 5000");
    await sqliteStore(database).get("job");
    expect(read("journal_mode")).toBe("wal");
    expect(read("synchronous")).toBe(2);
    expect(read("busy_timeout")).toBeGreaterThan(0);
    expect(read("busy_timeout")).toBeLessThanOrEqual(250);
  });

  it("are checked by inspect", async () => {
    const database = openDatabase();
    const store = sqliteStore(database);
    expect(await store.inspect()).toEqual({ warnings: [] });
    database.exec("PRAGMA synchronous = NORMAL");
    expect(await store.inspect()).toEqual({ warnings: [expect.stringContaining("synchronous")] });
    database.exec("PRAGMA journal_mode = DELETE");
    expect((await store.inspect()).warnings).toHaveLength(2);
    const [warning] = (await sqliteStore(openDatabase(":memory:")).inspect()).warnings;
    expect(warning).toContain("in memory");
  });

  it("make a file durable and shared, and memory neither", () => {
    expect(sqliteStore("jobs.db").traits).toEqual({
      durable: true,
      shared: true,
      doneTtlMs: 8 * 86_400_000,
      deadTtlMs: 30 * 86_400_000,
    });
    expect(sqliteStore(":memory:").traits).toMatchObject({ durable: false, shared: false });
  });
});

describe("a store", () => {
  it("opens nothing before its first call, and close without a call opens nothing", async () => {
    const path = temporaryFile();
    const store = sqliteStore(path);
    expect(existsSync(path)).toBe(false);
    await sqliteStore(path).close();
    expect(existsSync(path)).toBe(false);
    await store.get("job");
    expect(existsSync(path)).toBe(true);
    await store.close();
  });

  it("waits in close for earlier calls, and then refuses", async () => {
    const path = temporaryFile();
    const store = sqliteStore(path);
    const lease = leased(store, "job");
    await store.close();
    expect((await lease).attempt).toBe(1);
    await expect(store.get("job")).rejects.toThrow("was closed");
    await expect(leased(store, "job")).rejects.toThrow("was closed");
  });

  it("does not close a given database", async () => {
    const database = openDatabase();
    const store = sqliteStore(database);
    await leased(store, "job");
    await store.close();
    expect(query(database, "SELECT job_id FROM abstrakt_jobs")).toEqual([{ job_id: "job" }]);
  });

  it.each([
    [() => sqliteStore(""), "got an empty path"],
    [() => sqliteStore({ exec: () => {}, prepare: () => ({}) } as never), "got object"],
    [
      () => sqliteStore("jobs.db", { namespace: "" }),
      'Expected `namespace` to be a string that is not empty, got ""',
    ],
    [
      () => sqliteStore("jobs.db", { doneTtlMs: 0 }),
      "Expected `doneTtlMs` to be a whole number of at least 1, got 0",
    ],
    [() => sqliteStore("jobs.db", { deadTtlMs: 1.5 }), "got 1.5"],
    [
      () => sqliteStore("jobs.db", { keepPayload: "no" as never }),
      "Expected `keepPayload` to be true or false, got string",
    ],
    [
      () => sqliteStore("jobs.db", { clock: 5 as never }),
      "Expected `clock` to be a function, got 5",
    ],
    [() => sqliteStore("jobs.db", { ttlMs: 5 } as never), "Unknown option `ttlMs`."],
  ])("checks its options at construction: %#", (construct, message) => {
    expect(construct).toThrow(
      expect.objectContaining({
        code: "invalid_options",
        message: expect.stringContaining(message),
      }),
    );
  });
});
