import { describe, expect, it } from "vitest";
import { sqliteStore, type SqliteDatabase } from "../src/index.ts";
import { leased, openDatabase, OWNER, result, temporaryFile } from "./support.ts";

/** A store on a database that records its transactions. */
function watched(onExec: (sql: string) => void = () => {}) {
  const path = temporaryFile();
  const database = openDatabase(path);
  const transactions: string[] = [];
  const watching: SqliteDatabase = {
    exec(sql) {
      const [verb = ""] = sql.split(" ");
      if (/^(BEGIN|COMMIT|ROLLBACK)$/.test(verb)) transactions.push(verb);
      onExec(verb);
      return database.exec(sql);
    },
    prepare: (sql) => database.prepare(sql),
    close: () => database.close(),
  };
  return { store: sqliteStore(watching), database, transactions, path };
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => `job-${index}`);

describe("group commit", () => {
  it("one transaction holds all writes of one turn", async () => {
    const { store, transactions } = watched();
    await store.get("opens and migrates");
    transactions.length = 0;
    const answers = await Promise.all(ids(50).map((id) => store.ingest(result(id), OWNER)));
    expect(answers.filter(({ kind }) => kind === "leased")).toHaveLength(50);
    expect(transactions).toEqual(["BEGIN", "COMMIT"]);
    await leased(store, "alone");
    expect(transactions).toHaveLength(4);
  });

  it("settlements share the transaction, and each gets its own answer", async () => {
    const { store, transactions } = watched();
    const [one, two] = [await leased(store, "one"), await leased(store, "two")];
    transactions.length = 0;
    const answers = await Promise.all([
      store.settle(one, { to: "done" }),
      store.ingest(result("three"), { ...OWNER, leaseMs: 0 }),
      store.settle({ ...two, fence: two.fence + 1 }, { to: "done" }),
      store.ingest(result("two"), OWNER),
    ]);
    const duplicate = { kind: "duplicate", state: "leased" };
    expect(answers).toEqual([true, { kind: "stored" }, false, duplicate]);
    expect(transactions).toEqual(["BEGIN", "COMMIT"]);
  });

  it("the transaction begins and ends within one synchronous turn", async () => {
    let others = 0;
    let seen: number | undefined;
    const { store } = watched((verb) => {
      if (verb === "BEGIN") void Promise.resolve().then(() => (others += 1));
      if (verb === "BEGIN") others = 0;
      if (verb === "COMMIT") seen = others;
    });
    await Promise.all(ids(20).map((id) => store.ingest(result(id), OWNER)));
    expect(seen).toBe(0);
    expect(others).toBe(1);
  });

  it("after an error the writes run one by one, so that only the bad row fails", async () => {
    const { store, database, transactions, path } = watched();
    await store.get("opens and migrates");
    database.exec(`CREATE TRIGGER refuse BEFORE INSERT ON abstrakt_jobs WHEN NEW.job_id = 'job-3'
      BEGIN SELECT raise(ABORT, 'planted'); END`);
    transactions.length = 0;
    const answers = await Promise.allSettled(ids(6).map((id) => store.ingest(result(id), OWNER)));
    expect(answers.map(({ status }) => status === "fulfilled")).toEqual([
      true,
      true,
      true,
      false,
      true,
      true,
    ]);
    expect(answers[3]).toMatchObject({
      reason: { code: "store_unavailable", cause: { message: "planted" } },
    });
    expect(transactions.filter((verb) => verb === "ROLLBACK")).toHaveLength(2);
    const rows = openDatabase(path).prepare("SELECT job_id FROM abstrakt_jobs ORDER BY 1").all();
    expect(rows).toHaveLength(5);
  });

  it("no write is answered before the commit", async () => {
    const order: string[] = [];
    const { store } = watched((verb) => order.push(verb));
    await store.get("opens and migrates");
    order.length = 0;
    await Promise.all(
      ids(3).map((id) => store.ingest(result(id), OWNER).then(() => order.push(id))),
    );
    expect(order).toEqual(["BEGIN", "COMMIT", "job-0", "job-1", "job-2"]);
  });

  it("no write is answered as safe when its commit failed", async () => {
    let broken = false;
    const { store } = watched((verb) => {
      if (broken && verb === "COMMIT")
        throw Object.assign(new Error("planted"), { code: "SQLITE_IOERR" });
    });
    await store.get("opens and migrates");
    broken = true;
    const answers = await Promise.allSettled(ids(3).map((id) => store.ingest(result(id), OWNER)));
    expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(answers[0]).toMatchObject({
      reason: { message: expect.stringContaining("Check the disk") },
    });
    broken = false;
    expect(await store.get("job-0")).toBeUndefined();
    expect((await leased(store, "job-0")).fence).toBe(1);
  });

  it("other requests are read between successive writes", async () => {
    const { store } = watched();
    let ended = false;
    const chain = async () => {
      for (const id of ids(200)) await leased(store, id);
      ended = true;
    };
    const running = chain();
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(ended).toBe(false);
    await running;
  });
});
