import { statSync } from "node:fs";
import type { Ingested, Settlement } from "@abstrakt-webhooks/core";
import { describe, expect, it } from "vitest";
import {
  sqliteStore,
  type SqliteDatabase,
  type SqliteStore,
  type SqliteValue,
} from "../src/index.ts";
import { leased, openDatabase, OWNER, query, result, temporaryFile } from "./support.ts";

const HOUR_MS = 3_600_000;
const DONE = { to: "done" } as const;

type Call = (store: SqliteStore) => Promise<unknown>;

const ingest =
  (jobId: string, letter = "a", more: object = {}, leaseMs = OWNER.leaseMs): Call =>
  (store) =>
    store.ingest({ ...result(jobId, letter), ...more }, { ...OWNER, leaseMs });
const park =
  (jobId: string): Call =>
  (store) => {
    const { fingerprint, ...rest } = result(jobId, "?");
    return store.ingest(rest, OWNER);
  };
const settle =
  (jobId: string, settlement: Settlement = DONE, fence = 1): Call =>
  (store) =>
    store.settle({ jobId, fence }, settlement);

const submit =
  (jobId: string): Call =>
  (store) =>
    store.expect(jobId, { pollAfterMs: 1, giveUpAfterMs: 1 });
const claim: Call = (store) => store.claim({ ...OWNER, limit: 10 });

/** There are 21, so that a statement of each size is used. */
const many = (call: (jobId: string) => Call, name = "new"): Call[] =>
  Array.from({ length: 21 }, (_, index) => call(`${name}-${index}`));

/** The rows before every batch: one in each state, and one whose retention has ended. */
async function prepare(store: SqliteStore, pass: (ms: number) => void): Promise<void> {
  await leased(store, "old");
  await settle("old")(store);
  pass(25 * HOUR_MS);
  for (const call of many(ingest, "leased")) await call(store);
  for (const id of ["done", "dead", "again"]) await leased(store, id);
  await settle("done")(store);
  await settle("dead", { to: "dead", error: "x" })(store);
  await settle("again", { to: "release" })(store);
  await store.claim({ ...OWNER, limit: 1, jobId: "again" });
  await ingest("bound", "a", { binding: "one" })(store);
  await park("parked")(store);
  await store.expect("expected", { pollAfterMs: HOUR_MS, giveUpAfterMs: HOUR_MS, binding: "one" });
}

/** Makes the calls in one turn; returns their answers and all rows afterwards. */
async function outcome(calls: readonly Call[], keepPayload: boolean, wrap = asItIs) {
  const database = openDatabase();
  let nowMs = 1_700_000_000_000;
  const options = { clock: () => nowMs, doneTtlMs: 24 * HOUR_MS, keepPayload };
  const store = sqliteStore(wrap(database), options);
  await prepare(store, (ms) => (nowMs += ms));
  const answers = await Promise.all(calls.map((call) => call(store)));
  const rows = query(database, "SELECT *, hex(payload) FROM abstrakt_jobs ORDER BY job_id");
  return { answers, rows };
}

const asItIs = (database: SqliteDatabase): SqliteDatabase => database;

/** A driver that refuses every bulk write, so that the store runs each write alone. */
const oneByOne = (database: SqliteDatabase): SqliteDatabase => ({
  exec: (sql) => database.exec(sql),
  prepare(sql) {
    const isBulk = /ON CONFLICT DO NOTHING|job_id IN \(\?/.test(sql);
    const statement = database.prepare(sql);
    return isBulk ? { all: () => [], run: () => ({ changes: 0 }) } : statement;
  },
  close: () => database.close(),
});

const BATCHES: Record<string, Call[]> = {
  "all new": many(ingest),
  "new, with and without a lease and a binding": [
    ...many((id) => ingest(id, "a", { binding: id, source: "poll" })),
    ...many((id) => ingest(id, "a", {}, 0), "stored"),
  ],
  "a duplicate among new ones": [...many(ingest), ingest("done"), ingest("new")],
  "nothing but duplicates": many(ingest, "leased"),
  "a conflict among new ones": [...many(ingest), ingest("leased-3", "b"), ingest("done", "b")],
  "the same job twice": [...many(ingest), ingest("new-20"), ingest("new-3", "b")],
  "equal bindings and different ones": [
    ingest("bound", "a", { binding: "one" }),
    ingest("bound", "a", { binding: "two" }),
    ingest("expected", "a", { binding: "two" }),
    ...many(ingest),
  ],
  "a result of an expected job": [...many(ingest), ingest("expected", "a", { binding: "one" })],
  "a result of a parked job, and an unrecognised delivery": [
    ingest("parked"),
    ...many(ingest),
    park("new"),
  ],
  "a row whose retention has ended": [...many(ingest), ingest("old", "b")],
  "leases that end": many(settle, "leased"),
  "leases that end while others begin": [...many(settle, "leased"), ...many(ingest)],
  "a lease that is lost": [...many(settle, "leased"), settle("done"), settle("nowhere")],
  "a lease that ends twice": [...many(settle, "leased"), settle("leased-3")],
  "a first lease that is lost to a second": [...many(settle, "leased"), settle("again")],
  "a second lease": [...many(settle, "leased"), settle("again"), settle("again", DONE, 2)],
  "a lease that ends by a retry": [
    ...many((id) => settle(id, { to: "retry", delayMs: 5, error: "x" }), "leased"),
    ...many(ingest),
  ],
  "a lease that ends with another result": [
    settle("leased-0", { to: "done", result: { fingerprint: "1-b", payload: "{}" } }),
    settle("leased-1"),
  ],
  "a job that is stored and settled": [...many(ingest), settle("new-2"), settle("leased-0")],
  "a job that is settled and delivered again": [ingest("first"), settle("new"), ingest("new")],
  "other calls among them": [
    ...many(ingest),
    claim,
    ...many(settle),
    submit("later"),
    ingest("later"),
  ],
  "text of every kind": [
    ingest("new\u{1F600}\u2028", "a", {
      payload: 'a "b" \\u0000 \u{1F600}\u2028é',
      binding: "'--",
    }),
    ...many(ingest),
  ],
};

describe("bulk writes of one turn", () => {
  it.each(Object.entries(BATCHES))(
    "have the same effect as single writes: %s",
    async (_, calls) => {
      for (const keepPayload of [true, false]) {
        const slow = await outcome(calls, keepPayload, oneByOne);
        expect(await outcome(calls, keepPayload)).toEqual(slow);
      }
    },
  );

  it("keep the order of the calls before and after another write", async () => {
    const store = sqliteStore(openDatabase());
    const calls = [ingest("job"), submit("job"), settle("job")];
    const answers = await Promise.all(calls.map((call) => call(store)));
    expect(answers).toMatchObject([{ kind: "leased" }, "arrived", true]);
    expect(answers[0]).not.toHaveProperty("lease.expected");
  });

  it("need few statements, however many writes there are", async () => {
    const database = openDatabase();
    const ran: string[] = [];
    const watching: SqliteDatabase = {
      exec: (sql) => database.exec(sql),
      prepare(sql) {
        const statement = database.prepare(sql);
        const run = (...values: SqliteValue[]) => {
          ran.push(sql.slice(0, 6));
          return statement.run(...values);
        };
        return { run, all: (...values) => statement.all(...values) };
      },
      close: () => database.close(),
    };
    const store = sqliteStore(watching);
    await store.get("opens and migrates");
    ran.length = 0;
    await Promise.all(many(ingest).map((call) => call(store)));
    expect(ran).toEqual(["SAVEPO", "INSERT", "INSERT", "INSERT", "RELEAS"]);
    ran.length = 0;
    await Promise.all(many(settle).map((call) => call(store)));
    expect(ran).toEqual(["SAVEPO", "UPDATE", "UPDATE", "UPDATE", "RELEAS"]);
    ran.length = 0;
    await Promise.all([claim, ...many(ingest, "more")].map((call) => call(store)));
    expect(ran).toEqual(["SAVEPO", "INSERT", "INSERT", "INSERT", "RELEAS"]);
    ran.length = 0;
    await ingest("alone")(store);
    await settle("alone")(store);
    expect(ran).toEqual(["INSERT", "UPDATE"]);
  });

  it("write nothing for a batch of duplicates and lost leases", async () => {
    const path = temporaryFile();
    const database = openDatabase(path);
    const onlooker = openDatabase(path);
    const store = sqliteStore(database);
    await Promise.all([...many(ingest), ...many(ingest, "done")].map((call) => call(store)));
    await Promise.all(many(settle, "done").map((call) => call(store)));
    const written = () => [
      query(database, "SELECT total_changes()"),
      query(onlooker, "PRAGMA data_version"),
      statSync(`${path}-wal`).size,
    ];
    const before = written();
    const calls = [...many(ingest), ...many(settle, "done")];
    const answers = await Promise.all(calls.map((call) => call(store)));
    expect(answers.filter((answer) => (answer as Ingested).kind === "duplicate")).toHaveLength(21);
    expect(answers.filter((answer) => answer === false)).toHaveLength(21);
    expect(written()).toEqual(before);
    await ingest("another")(store);
    expect(written()).not.toEqual(before);
  });
});
