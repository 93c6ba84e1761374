import { postgresStore, type PostgresClient } from "@abstrakt-webhooks/store-postgres";
import { Client, Pool } from "pg";
import postgres from "postgres";
import { describe, expect, it, onTestFinished } from "vitest";
import { startPostgresPair } from "../support/postgres-pair.ts";
import { startTcpProxy } from "../support/tcp-proxy.ts";

const HELD = { owner: "test", leaseMs: 60_000 };
const result = (jobId: string) =>
  ({ jobId, fingerprint: "1-a", payload: "{}", source: "webhook" }) as const;

/**
 * Clients made by the recipes of the README; connections of postgres.js have a shorter lifetime.
 */
const clients: Record<string, (url: string) => { client: PostgresClient; end(): Promise<void> }> = {
  "pg Pool"(url) {
    const pool = new Pool({ connectionString: url });
    pool.on("error", () => undefined);
    return { client: pool, end: () => pool.end() };
  },
  "pg Client"(url) {
    let connecting: Promise<Client> | undefined;
    const connect = async (): Promise<Client> => {
      const connection = new Client({ connectionString: url });
      connection.on("error", () => undefined);
      await connection.connect();
      return connection;
    };
    const client: PostgresClient = {
      async query(text, values) {
        const own = (connecting ??= connect());
        try {
          return await (await own).query(text, values);
        } catch (error) {
          if (connecting === own) connecting = undefined;
          void own.then((connection) => connection.end()).catch(() => undefined);
          throw error;
        }
      },
    };
    return { client, end: async () => (await connecting)?.end() };
  },
  "postgres.js"(url) {
    const sql = postgres(url, { max_lifetime: 1, onnotice: () => undefined });
    const client: PostgresClient = {
      query: async (text, values) => ({ rows: await sql.unsafe(text, values as string[]) }),
    };
    return { client, end: () => sql.end({ timeout: 0 }) };
  },
};

const pair = await startPostgresPair();

describe.skipIf(pair === undefined)("a PostgreSQL failover (needs a server)", () => {
  it("every client writes again, although its connections stay open to the old primary", async () => {
    if (pair === undefined) return;
    const { primary, standby } = pair;
    const proxy = await startTcpProxy(primary.url);
    const opened = Object.entries(clients).map(([name, open]) => ({ name, ...open(proxy.url) }));
    onTestFinished(async () => {
      await Promise.all(opened.map(({ end }) => end()));
      await proxy.close();
      await pair.close();
    });
    const stores = opened.map(({ name, client }) => ({ name, store: postgresStore({ client }) }));
    await stores[0]?.store.migrate();
    for (const { name, store } of stores) await store.ingest(result(`${name} before`), HELD);

    await primary.query("ALTER SYSTEM SET default_transaction_read_only = on");
    await primary.query("SELECT pg_reload_conf()");
    await pair.promote();
    proxy.redirect(standby.url);

    await Promise.all(
      stores.map(async ({ name, store }) => {
        const ingest = (jobId: string) =>
          store.ingest(result(`${name} ${jobId}`), HELD).catch((error: unknown) => error);
        const refusal = { message: expect.stringContaining("takes no writes here") };
        // postgres.js may have closed its connection because of its age.
        if (name !== "postgres.js") expect(await ingest("during")).toMatchObject(refusal);
        const again = () => ingest("after");
        await expect.poll(again, { timeout: 10_000 }).toMatchObject({ kind: "leased" });
      }),
    );
    const rows = await standby.query<{ id: string }>("SELECT job_id AS id FROM abstrakt_jobs");
    const expected = stores.flatMap(({ name }) => [`${name} before`, `${name} after`]);
    expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining(expected));
  });
});
