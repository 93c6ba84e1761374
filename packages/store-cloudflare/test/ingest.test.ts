import type { Delivery } from "@abstrakt-webhooks/core";
import { expect, it } from "vitest";
import { openLibsqlD1 } from "../../../test/support/libsql-d1.ts";
import { d1Store, type D1Database, type D1Statement } from "../src/index.ts";

const OWNER = { owner: "test", leaseMs: 60_000 };
const result: Delivery = { jobId: "job", fingerprint: "1-a", payload: "{}", source: "webhook" };

/** How round trips fail: refused, or with the reply lost after the write. */
type Fault = "none" | "refused" | "reply lost";

/** Counts round trips, and makes the given ones fail. */
function faulty(database: D1Database, faults: Fault[]) {
  const trips: number[] = [];
  const trip = async <T>(statements: number, send: () => Promise<T>): Promise<T> => {
    const fault = faults[trips.length] ?? "none";
    trips.push(statements);
    if (fault === "refused") throw new Error("D1_ERROR: Network connection lost.");
    const reply = await send();
    if (fault === "reply lost") throw new Error("D1_ERROR: Network connection lost.");
    return reply;
  };
  const inner = new WeakMap<D1Statement, D1Statement>();
  const wrap = (statement: D1Statement): D1Statement => {
    const wrapped: D1Statement = {
      bind: (...values) => wrap(statement.bind(...values)),
      all: () => trip(1, () => statement.all()),
    };
    inner.set(wrapped, statement);
    return wrapped;
  };
  const counted: D1Database = {
    prepare: (sql) => wrap(database.prepare(sql)),
    batch: (statements) =>
      trip(statements.length, () =>
        database.batch(statements.map((statement) => inner.get(statement) ?? statement)),
      ),
  };
  return { store: d1Store(counted), trips };
}

it("a new result needs one statement", async () => {
  const { store, trips } = faulty(openLibsqlD1(), []);
  expect(await store.ingest(result, OWNER)).toMatchObject({ kind: "leased" });
  expect(trips).toEqual([1]);
});

it.each<[fault: Fault, leaseMs: number, kind: string]>([
  ["refused", 60_000, "leased"],
  ["reply lost", 60_000, "leased"],
  ["refused", 0, "stored"],
  ["reply lost", 0, "stored"],
])(
  "a round trip is %s once, with a lease of %i: the result is still %s",
  async (fault, leaseMs, kind) => {
    const { store, trips } = faulty(openLibsqlD1(), [fault]);
    expect(await store.ingest(result, { ...OWNER, leaseMs })).toMatchObject({ kind });
    expect(trips).toEqual([1, 3]);
    expect(await store.get("job")).toMatchObject({ fence: leaseMs === 0 ? 0 : 1, conflicts: 0 });
  },
);

it("after a lost reply, a row of another owner is a duplicate", async () => {
  const database = openLibsqlD1();
  await d1Store(database).ingest(result, OWNER);
  const { store } = faulty(database, ["reply lost"]);
  expect(await store.ingest(result, OWNER)).toEqual({ kind: "duplicate", state: "leased" });
});

it("after a lost reply, the own row is a duplicate when it lost its lease and was claimed again", async () => {
  const database = openLibsqlD1();
  let nowMs = 1_000;
  const clock = (): number => nowMs;
  const slow: D1Database = {
    prepare(sql) {
      const statement = database.prepare(sql);
      return {
        ...statement,
        bind: (...values) => ({
          ...statement.bind(...values),
          async all() {
            await statement.bind(...values).all();
            throw new Error("D1_ERROR: Network connection lost.");
          },
        }),
      };
    },
    async batch(statements) {
      nowMs += 2 * OWNER.leaseMs;
      expect(await d1Store(database, { clock }).claim({ ...OWNER, limit: 1 })).toHaveLength(1);
      return database.batch(statements);
    },
  };
  const ingested = await d1Store(slow, { clock }).ingest(result, OWNER);
  expect(ingested).toEqual({ kind: "duplicate", state: "leased" });
});

it("after two refused round trips the store is unavailable, with D1's error as the cause", async () => {
  const { store } = faulty(openLibsqlD1(), ["refused", "refused"]);
  await expect(store.ingest(result, OWNER)).rejects.toMatchObject({
    code: "store_unavailable",
    cause: { message: "D1_ERROR: Network connection lost." },
  });
  expect(await store.get("job")).toBeUndefined();
});
