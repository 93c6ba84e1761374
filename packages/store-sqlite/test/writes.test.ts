import { describe, expect, it } from "vitest";
import { sqliteStore } from "../src/index.ts";
import { leased, openDatabase, OWNER, query, result, temporaryFile } from "./support.ts";

const unrecognized = (jobId: string) => {
  const { fingerprint, ...rest } = result(jobId, "?");
  return rest;
};

describe("a store", () => {
  it("writes nothing for a duplicate, in any state", async () => {
    const path = temporaryFile();
    const database = openDatabase(path);
    const onlooker = openDatabase(path);
    const store = sqliteStore(database);
    const written = () => [
      query(database, "SELECT total_changes()"),
      query(onlooker, "PRAGMA data_version"),
    ];
    await leased(store, "leased");
    await store.settle(await leased(store, "done"), { to: "done" });
    await store.settle(await leased(store, "dead"), { to: "dead", error: "x" });
    await store.ingest(unrecognized("parked"), OWNER);
    const before = written();
    for (const id of ["leased", "done", "dead"]) {
      expect(await store.ingest(result(id), OWNER)).toEqual({ kind: "duplicate", state: id });
      expect((await store.ingest(unrecognized(id), OWNER)).kind).toBe("duplicate");
    }
    expect((await store.ingest(unrecognized("parked"), OWNER)).kind).toBe("duplicate");
    expect(written()).toEqual(before);
    expect((await store.ingest(result("leased", "b"), OWNER)).kind).toBe("conflict");
    expect(written()).not.toEqual(before);
  });

  it("writes nothing when nothing is due", async () => {
    const database = openDatabase();
    const store = sqliteStore(database);
    await leased(store, "job");
    const changes = () => query(database, "SELECT total_changes()");
    const before = changes();
    expect(await store.claim({ ...OWNER, limit: 10 })).toEqual([]);
    expect(await store.claimPolls({ leaseMs: 1, limit: 10 })).toEqual([]);
    expect(await store.prune({ limit: 10 })).toBe(0);
    expect(changes()).toEqual(before);
  });

  it("with keepPayload: false drops the payload when the job is done, and not before", async () => {
    const store = sqliteStore(openDatabase(), { keepPayload: false });
    const lease = await leased(store, "job");
    expect((await store.get("job"))?.payload).toBe(result("job").payload);
    await store.settle(lease, { to: "done", result: result("job", "b") });
    expect(await store.get("job")).toMatchObject({ state: "done" });
    expect(await store.get("job")).not.toHaveProperty("payload");
    expect((await store.ingest(result("job", "b"), OWNER)).kind).toBe("duplicate");
  });

  it("distinguishes namespaces by each letter, including its case", async () => {
    const database = openDatabase();
    const names = ["a", "A", "a ", "'; DROP TABLE abstrakt_jobs; --", "é"];
    const stores = names.map((namespace) => sqliteStore(database, { namespace }));
    for (const store of stores) expect((await leased(store, "job")).attempt).toBe(1);
    const [first] = stores;
    await first?.settle({ jobId: "job", fence: 1 }, { to: "done" });
    const states = await Promise.all(stores.map(async (store) => (await store.get("job"))?.state));
    expect(states).toEqual(["done", "leased", "leased", "leased", "leased"]);
    expect(await first?.stats()).toMatchObject({ done: 1, leased: 0 });
  });

  it("returns numbers where the driver was told to read bigints", async () => {
    const database = openDatabase();
    database.defaultSafeIntegers(true);
    const store = sqliteStore(database);
    const lease = await leased(store, "job");
    expect(lease).toMatchObject({ fence: 1, attempt: 1, receivedAtMs: expect.any(Number) });
    await store.settle(lease, { to: "release" });
    expect(await store.nextDueInMs()).toBe(0);
    const [again] = await store.claim({ ...OWNER, limit: 1 });
    expect(again).toMatchObject({ fence: 2, attempt: 1 });
    expect(again).not.toHaveProperty("expected");
    expect(await store.expect("job", { pollAfterMs: 1, giveUpAfterMs: 1 })).toBe("arrived");
    expect(await store.expect("new", { pollAfterMs: 0, giveUpAfterMs: 60_000 })).toBe("expected");
    const [poll] = await store.claimPolls({ leaseMs: 1_000, limit: 1 });
    expect(poll).toEqual({ jobId: "new", fence: 1, polls: 1, overdue: false });
    expect((await store.get("job"))?.dueInMs).toEqual(expect.any(Number));
    expect(await store.stats()).toMatchObject({ leased: 1, oldestPendingMs: expect.any(Number) });
  });
});
