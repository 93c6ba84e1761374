import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import type { Pool, PoolClient } from "pg";
import { expect, it } from "vitest";
import { HELD, onPostgres, result } from "./on-postgres.ts";

await onPostgres("settleIn", (on) => {
  const begin = async () => {
    const client = await (on.database.client as Pool).connect();
    await client.query("BEGIN");
    return client;
  };
  const end = async (client: PoolClient, how: "COMMIT" | "ROLLBACK") => {
    await client.query(how);
    client.release();
  };
  const leased = async (namespace: string) => {
    const { client } = on.database;
    await client.query(`CREATE TABLE ${namespace}_effects (job_id text)`, []);
    const store = postgresStore({ client, namespace });
    await store.migrate();
    const ingested = await store.ingest(result("a"), HELD);
    if (ingested.kind !== "leased") throw new Error(ingested.kind);
    const write = (tx: PoolClient) => tx.query(`INSERT INTO ${namespace}_effects VALUES ('a')`);
    const effects = async () =>
      (await client.query(`SELECT job_id FROM ${namespace}_effects`, [])).rows.length;
    return { store, lease: ingested.lease, write, effects };
  };

  it("the completion commits with the user's own writes", async () => {
    const { store, lease, write, effects } = await leased("committed");
    const tx = await begin();
    await write(tx);
    expect(await store.settleIn(tx, lease)).toBe(true);
    expect((await store.get("a"))?.state).toBe("leased");
    await end(tx, "COMMIT");
    expect((await store.get("a"))?.state).toBe("done");
    expect(await effects()).toBe(1);
  });

  it("a repeat of the job does not wait for the transaction, and neither do other deliveries", async () => {
    const { store, lease } = await leased("repeated");
    const tx = await begin();
    await store.settleIn(tx, lease);
    const ingested = Promise.all([
      store.ingest(result("a"), HELD),
      store.ingest(result("b"), HELD),
      store.ingest(result("c"), HELD),
    ]);
    const waited = new Promise((resolve) => void setTimeout(resolve, 3_000, "still waiting"));
    const kinds = Promise.race([ingested, waited]);
    expect(await kinds).toMatchObject([
      { kind: "duplicate", state: "leased" },
      { kind: "leased" },
      { kind: "leased" },
    ]);
    await end(tx, "COMMIT");
    expect((await store.get("a"))?.state).toBe("done");
  });

  it("the completion rolls back with the user's own writes, and the lease continues", async () => {
    const { store, lease, write, effects } = await leased("rolled");
    const tx = await begin();
    await write(tx);
    expect(await store.settleIn(tx, lease)).toBe(true);
    await end(tx, "ROLLBACK");
    expect((await store.get("a"))?.state).toBe("leased");
    expect(await effects()).toBe(0);
    expect(await store.settle(lease, { to: "done" })).toBe(true);
  });

  it("a given result replaces the delivered one", async () => {
    const { store, lease } = await leased("confirmed");
    const tx = await begin();
    await store.settleIn(tx, lease, { payload: "confirmed", fingerprint: "1-z" });
    await end(tx, "COMMIT");
    expect(await store.get("a")).toMatchObject({ state: "done", payload: "confirmed" });
    expect((await store.ingest(result("a", "1-z"), HELD)).kind).toBe("duplicate");
  });

  it("a pool is refused, because it would complete the job on another connection", async () => {
    const { store, lease } = await leased("pooled");
    await expect(store.settleIn(on.database.client, lease)).rejects.toThrow("pool.connect()");
    expect((await store.get("a"))?.state).toBe("leased");
  });

  it("a connection without a transaction is refused, before one and after its end", async () => {
    const { store, lease } = await leased("outside");
    const client = await (on.database.client as Pool).connect();
    await expect(store.settleIn(client, lease)).rejects.toMatchObject({
      code: "invalid_options",
      message: expect.stringContaining("BEGIN"),
    });
    await client.query("BEGIN");
    await client.query("COMMIT");
    await expect(store.settleIn(client, lease)).rejects.toMatchObject({ code: "invalid_options" });
    client.release();
    expect((await store.get("a"))?.state).toBe("leased");
  });

  it("a transaction that began in the same message as other statements is accepted", async () => {
    const { store, lease } = await leased("one_message");
    const client = await (on.database.client as Pool).connect();
    await client.query("BEGIN; SELECT 1");
    expect(await store.settleIn(client, lease)).toBe(true);
    await end(client, "COMMIT");
    expect((await store.get("a"))?.state).toBe("done");
  });

  it("two calls in one transaction, also behind a savepoint, complete the job once", async () => {
    const { store, lease } = await leased("twice");
    const tx = await begin();
    expect(await store.settleIn(tx, lease)).toBe(true);
    await tx.query("SAVEPOINT again");
    expect(await store.settleIn(tx, lease)).toBe(true);
    await tx.query("RELEASE again");
    expect(await store.settleIn(tx, lease)).toBe(true);
    await end(tx, "COMMIT");
    const row = await store.get("a");
    expect(row).toMatchObject({ state: "done", fence: lease.fence });
    const next = await begin();
    expect(await store.settleIn(next, lease)).toBe(false);
    await end(next, "ROLLBACK");
    expect(await store.get("a")).toEqual(row);
  });

  it("a lost lease is refused, so that the effect happens once", async () => {
    const { store, lease, write, effects } = await leased("lost");
    await on.database.elapse(HELD.leaseMs + 1);
    const [second] = await store.claim({ ...HELD, limit: 1 });
    for (const holder of [lease, second]) {
      const tx = await begin();
      await write(tx);
      const ours = await store.settleIn(tx, holder ?? lease);
      expect(ours).toBe(holder === second);
      await end(tx, ours ? "COMMIT" : "ROLLBACK");
    }
    expect(await effects()).toBe(1);
    expect(await store.get("a")).toMatchObject({ state: "done", attempts: 2 });
  });

  it("no other instance can claim while the transaction is open, also after the lease has ended", async () => {
    const { store, lease } = await leased("late");
    const tx = await begin();
    expect(await store.settleIn(tx, lease)).toBe(true);
    await on.database.elapse(HELD.leaseMs + 1);
    expect(await store.claim({ ...HELD, limit: 1 })).toEqual([]);
    await end(tx, "COMMIT");
    expect((await store.get("a"))?.state).toBe("done");
  });

  it("retention begins at the settlement, not at the start of the transaction", async () => {
    const { store, lease } = await leased("long");
    const tx = await begin();
    const { rows } = await tx.query<{ now: Date }>("SELECT now()");
    await on.database.elapse(3_600_000);
    await store.settleIn(tx, lease);
    await end(tx, "COMMIT");
    const settledAtMs = (await store.get("a"))?.settledAtMs ?? 0;
    expect(settledAtMs - (rows[0]?.now.getTime() ?? 0)).toBeGreaterThanOrEqual(3_600_000);
  });
});
