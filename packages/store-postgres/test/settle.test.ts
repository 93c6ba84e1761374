import type { Settlement } from "@abstrakt-webhooks/core";
import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import type { Pool } from "pg";
import { expect, it } from "vitest";
import { counting, HELD, onPostgres, result } from "./on-postgres.ts";

await onPostgres("settle", (on) => {
  const leased = async (namespace: string, count: number) => {
    const client = counting(on.database.client);
    const store = postgresStore({ client, namespace });
    await store.migrate();
    const ids = Array.from({ length: count }, (_, index) => `job-${index}`);
    await Promise.all(ids.map((id) => store.ingest(result(id), HELD)));
    client.statements.length = 0;
    return { client, store, held: ids.map((jobId) => ({ jobId, fence: 1 })) };
  };

  it("settlements of every kind share one statement, and lost leases are answered separately", async () => {
    const { client, store, held } = await leased("shared", 8);
    const ways: Settlement[] = [
      { to: "done" },
      { to: "done", result: { payload: "{}", fingerprint: "1-c" } },
      { to: "retry", delayMs: 5_000, error: "busy" },
      { to: "dead", error: "exhausted" },
      { to: "dead", error: "unknown_job", free: true },
      { to: "release" },
      { to: "extend", leaseMs: 9_000_000 },
    ];
    const settled = await Promise.all([
      ...ways.map((way, index) => store.settle(held[index] ?? { jobId: "", fence: 0 }, way)),
      store.settle({ jobId: "job-7", fence: 2 }, { to: "done" }),
    ]);
    expect(settled).toEqual([...ways.map(() => true), false]);
    expect(client.statements).toHaveLength(2);
    const { records } = await store.list({ limit: 10 });
    expect(records).toMatchObject([
      { state: "done", payload: '{"result":true}', attempts: 1 },
      { state: "done", payload: "{}" },
      { state: "pending", error: "busy" },
      { state: "dead", error: "exhausted" },
      { state: "dead", error: "unknown_job" },
      { state: "pending", attempts: 0 },
      { state: "leased", attempts: 1 },
      { state: "leased", attempts: 1, fence: 1 },
    ]);
    expect(records[6]?.dueInMs).toBeGreaterThan(8_000_000);
    expect((await store.ingest(result("job-4", "1-z"), HELD)).kind).toBe("leased");
    expect((await store.ingest(result("job-3", "1-z"), HELD)).kind).toBe("conflict");
  });

  it("only the settlement of a row that a transaction holds waits", async () => {
    const { store, held } = await leased("alone", 3);
    const [stuck, ...others] = held;
    if (stuck === undefined) throw new Error("no lease");
    const tx = await (on.database.client as Pool).connect();
    await tx.query("BEGIN");
    expect(await store.settleIn(tx, stuck)).toBe(true);
    const extended = store.settle(stuck, { to: "extend", leaseMs: 1_000 });
    const done = await Promise.all(others.map((lease) => store.settle(lease, { to: "done" })));
    expect(done).toEqual([true, true]);
    await tx.query("COMMIT");
    tx.release();
    expect(await extended).toBe(false);
    expect((await store.get(stuck.jobId))?.state).toBe("done");
  });
});
