import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { sqliteStore } from "../src/index.ts";
import { openFile } from "../src/open-file.ts";
import { isBusy, sqliteCode } from "../src/sqlite-error.ts";
import { leased, openDatabase, result, temporaryFile } from "./support.ts";

const unavailable = (message: string) =>
  expect.objectContaining({ code: "store_unavailable", message: expect.stringContaining(message) });

/** A module that throws when it is imported. */
const thrower = (error: string): string => `data:text/javascript,throw ${error}`;

describe("each error says what to do", () => {
  it("a missing folder: once it is created, the store works", async () => {
    const path = join(dirname(temporaryFile()), "missing", "jobs.db");
    const store = sqliteStore(path);
    await expect(leased(store, "job")).rejects.toEqual(
      unavailable(`"${path}" cannot be opened. Create its folder`),
    );
    mkdirSync(dirname(path));
    expect((await leased(store, "job")).attempt).toBe(1);
    await store.close();
  });

  it("a file that is no database: once it is moved away, the store works", async () => {
    const path = temporaryFile();
    writeFileSync(path, "a text, and a long one".repeat(100));
    const store = sqliteStore(path);
    await expect(store.get("job")).rejects.toEqual(unavailable("is not an SQLite database"));
    rmSync(path);
    expect(await store.get("job")).toBeUndefined();
    await store.close();
  });

  it("a database that is read-only, from the start or later", async () => {
    const database = openDatabase();
    database.exec("PRAGMA query_only = ON");
    const store = sqliteStore(database);
    await expect(leased(store, "job")).rejects.toEqual(
      unavailable("is read-only. Let the process write"),
    );
    database.exec("PRAGMA query_only = OFF");
    await leased(store, "job");
    database.exec("PRAGMA query_only = ON");
    await expect(leased(store, "other")).rejects.toEqual(unavailable("is read-only"));
    expect((await store.get("job"))?.state).toBe("leased");
  });

  it("a full database: a write that needs space fails, and other writes succeed", async () => {
    const database = openDatabase();
    const store = sqliteStore(database);
    const lease = await leased(store, "job");
    database.exec("PRAGMA max_page_count = 12");
    const big = { ...result("big"), payload: "x".repeat(200_000) };
    const [full, settled] = await Promise.allSettled([
      store.ingest(big, { owner: "test", leaseMs: 0 }),
      store.settle(lease, { to: "done" }),
    ]);
    expect(full).toEqual({ status: "rejected", reason: unavailable("is full. Free space") });
    expect(settled).toEqual({ status: "fulfilled", value: true });
    database.exec("PRAGMA max_page_count = 10000");
    expect((await store.ingest(big, { owner: "test", leaseMs: 0 })).kind).toBe("stored");
  });

  const install =
    "Run `npm install libsql` where this code runs, or use Node 22.13 or later, which has a driver.";

  it("no driver is installed: one line, without a cause", async () => {
    const none = openFile(temporaryFile(), [
      ["node:not-there", "default"],
      ["not-installed", "default"],
      ["bun:not-there", "default"],
    ]);
    const error = await none.catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ message: `Expected an SQLite driver, got none. ${install}` });
    expect(error).not.toHaveProperty("cause");
  });

  it("no driver works: each one's own error", async () => {
    const missing = { code: "ERR_MODULE_NOT_FOUND", message: "Cannot find module 'its-binary'" };
    const none = openFile(temporaryFile(), [
      ["not-installed", "default"],
      [thrower(`Object.assign(new Error(), ${JSON.stringify(missing)})`), "default"],
      ["node:path", "Database"],
      [thrower("new Error('The first line.\\nA second.')"), "default"],
    ]);
    const { message, cause } = await none.then(
      () => expect.fail("opened"),
      (error: Error) => error,
    );
    expect(message).not.toContain("not-installed");
    expect(message).toMatch(/^Expected an SQLite driver, got none that works \(data:/);
    expect(message).toContain(": Cannot find module 'its-binary') (node:path: It exports no");
    expect(message).toContain(": The first line.)");
    expect(message).toMatch(new RegExp(` ${install}$`));
    expect(cause).toMatchObject(missing);
  });

  it.each([
    ["ERR_DLOPEN_DISABLED", "under the permission model with `--allow-addons`"],
    ["ERR_ACCESS_DENIED", "Start Node with `--allow-fs-read` for the driver's folder"],
  ])("a driver that Node itself refuses: %s", async (code, advice) => {
    const refused = thrower(`Object.assign(new Error('no'), { code: '${code}' })`);
    const none = openFile(temporaryFile(), [
      ["not-installed", "default"],
      [refused, "default"],
    ]);
    await expect(none).rejects.toEqual(unavailable(advice));
  });

  it("the driver's own error stays the cause and out of the message", async () => {
    const path = temporaryFile();
    writeFileSync(path, "a text, and a long one".repeat(100));
    await expect(sqliteStore(path).get("job")).rejects.toMatchObject({
      cause: { code: "SQLITE_NOTADB" },
    });
  });
});

describe("a locked file", () => {
  afterEach(() => vi.useRealTimers());

  it("is waited for without blocking the event loop", async () => {
    const path = temporaryFile();
    const other = openDatabase(path);
    const store = sqliteStore(path);
    await store.get("opens and migrates");
    other.exec("BEGIN IMMEDIATE");
    let answered = false;
    const lease = leased(store, "job").finally(() => (answered = true));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(answered).toBe(false);
    other.exec("COMMIT");
    expect((await lease).attempt).toBe(1);
    await store.close();
  });

  it("fails all waiting calls after four seconds, and later writes succeed", async () => {
    const path = temporaryFile();
    const other = openDatabase(path);
    const store = sqliteStore(path);
    await store.get("opens and migrates");
    other.exec("BEGIN IMMEDIATE");
    vi.useFakeTimers({ toFake: ["setTimeout", "performance"] });
    const both = Promise.allSettled([leased(store, "one"), leased(store, "two")]);
    await vi.advanceTimersByTimeAsync(3_500);
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(4_500);
    vi.useRealTimers();
    const busy = { status: "rejected", reason: unavailable("stayed locked by another connection") };
    expect(await both).toEqual([busy, busy]);
    other.exec("COMMIT");
    expect((await leased(store, "one")).attempt).toBe(1);
    await store.close();
  });
});

describe("result codes", () => {
  it.each([
    [{ code: "SQLITE_BUSY" }, "BUSY", true],
    [{ code: "SQLITE_BUSY_SNAPSHOT" }, "BUSY", true],
    [{ code: "SQLITE_READONLY_DBMOVED" }, "READONLY", false],
    [{ code: "ERR_SQLITE_ERROR", errcode: 5 }, "BUSY", true],
    [{ code: "ERR_SQLITE_ERROR", errcode: 1_034 }, "IOERR", false],
    [{ code: "SQLITE_FULL", errno: 13 }, "FULL", false],
    [{ code: "ERR_SQLITE_ERROR", message: "database is locked" }, "BUSY", true],
    [{ code: "ERR_SQLITE_ERROR", message: "file is not a database" }, "NOTADB", false],
    [{ code: "ERR_SQLITE_ERROR", errcode: 1, message: "database is locked" }, undefined, false],
    [new Error("cannot start a transaction within a transaction"), undefined, true],
    [new TypeError("no such thing"), undefined, false],
    ["a string", undefined, false],
    [null, undefined, false],
  ])("of every driver are recognised: %j", (thrown, code, busy) => {
    expect(sqliteCode(thrown)).toBe(code);
    expect(isBusy(thrown)).toBe(busy);
  });
});
