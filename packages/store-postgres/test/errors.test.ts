import type { AbstraktWebhookError } from "@abstrakt-webhooks/core";
import { postgresStore, type PostgresClient } from "@abstrakt-webhooks/store-postgres";
import { Pool } from "pg";
import { describe, expect, it } from "vitest";
import { HELD, onPostgres, result } from "./on-postgres.ts";

const failing = (thrown: unknown): PostgresClient => ({ query: () => Promise.reject(thrown) });
const never: PostgresClient = { query: () => Promise.reject(new Error("was asked")) };

describe("options", () => {
  it("an invalid namespace is refused", () => {
    const bad = ["", "A", "1a", "a-b", 'a"b', "a.b.c", ".a", "a.", "a b", "a;drop", "x".repeat(49)];
    for (const namespace of [...bad, null as unknown as string]) {
      expect(() => postgresStore({ client: never, namespace })).toThrow(/Expected `namespace`/);
    }
    for (const namespace of ["a", "_a1", "schema.name", "x".repeat(48)]) {
      expect(() => postgresStore({ client: never, namespace })).not.toThrow();
    }
  });

  it("a client without `query` and invalid durations are refused", () => {
    const sql = Object.assign(() => [], { unsafe: () => [] });
    expect(() => postgresStore({ client: sql as unknown as PostgresClient })).toThrow(
      /postgres\.js/,
    );
    const transaction = { executeQuery: () => [] } as unknown as PostgresClient;
    expect(() => postgresStore({ client: transaction })).toThrow(/ORM, see docs\/settle-in\.md/);
    for (const ms of [0, -1, 1.5, Number.NaN, "1" as unknown as number]) {
      expect(() => postgresStore({ client: never, doneTtlMs: ms })).toThrow(/Expected `doneTtlMs`/);
      expect(() => postgresStore({ client: never, deadTtlMs: ms })).toThrow(/Expected `deadTtlMs`/);
    }
  });

  it("an unknown option and an invalid keepPayload are refused", () => {
    const misspelt: object = { schema: "mine" };
    expect(() => postgresStore({ client: never, ...misspelt })).toThrow(
      /Unknown option `schema`. Known: client, namespace,/,
    );
    const half = { client: never, keepPayload: "no" as unknown as boolean };
    expect(() => postgresStore(half)).toThrow(/Expected `keepPayload` to be true or false/);
  });
});

describe("a failing client", () => {
  it("is an error that says what to do and quotes nothing", async () => {
    for (const [code, words] of Object.entries({
      ECONNREFUSED: /did not answer.*host and port/,
      ETIMEDOUT: /did not answer/,
      EPIPE: /did not answer/,
      "42P01": /"abstrakt_jobs" is missing.*migrate\(\)/,
      "42883": /function of the table "abstrakt_jobs" is missing.*migrate\(\)/,
      "42703": /older than this version.*migrate\(\)/,
      "3D000": /database does not exist/,
      "28P01": /password/,
      "25006": /standby.*primary/,
      "53300": /connection left/,
      XX000: /SQLSTATE XX000/,
    })) {
      const cause = Object.assign(new Error("secret"), { code });
      const error = await postgresStore({ client: failing(cause) })
        .get("a")
        .catch((thrown: unknown) => thrown as AbstraktWebhookError);
      expect(error).toMatchObject({ code: "store_unavailable", cause });
      expect((error as Error).message).toMatch(words);
      expect((error as Error).message).not.toContain("secret");
    }
  });

  it("is explained by the driver's error, where an ORM has wrapped that", async () => {
    const driver = Object.assign(new Error("secret"), { code: "42P01" });
    const cause = new Error("Failed query: secret", { cause: driver });
    const reading = postgresStore({ client: failing(cause) }).get("a");
    await expect(reading).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringMatching(/"abstrakt_jobs" is missing.*migrate\(\)/),
      cause,
    });
  });

  it("is an error when it returns something other than rows", async () => {
    const client = { query: async () => [] } as unknown as PostgresClient;
    const store = postgresStore({ client });
    await expect(store.get("a")).rejects.toThrow(/an object with `rows`/);
    await expect(store.ingest(result("a"), HELD)).rejects.toThrow(/an object with `rows`/);
  });

  it("that returns no rows to an ingest is not asked again for ever", async () => {
    const store = postgresStore({ client: { query: async () => ({ rows: [] }) } });
    await expect(store.ingest(result("a"), HELD)).rejects.toThrow(/got none in 20 tries/);
  });

  it("may throw instead of rejecting", async () => {
    const client: PostgresClient = {
      query() {
        throw new Error("not connected");
      },
    };
    await expect(postgresStore({ client }).ingest(result("a"), HELD)).rejects.toMatchObject({
      code: "store_unavailable",
    });
  });
});

await onPostgres("a real server", (on) => {
  const open = async <T>(
    config: { connectionString: string; options?: string },
    use: (pool: Pool) => Promise<T>,
  ) => {
    const pool = new Pool({ ...config, connectionTimeoutMillis: 5_000 });
    return use(pool).finally(() => pool.end());
  };
  const elsewhere = (change: (url: URL) => void) => {
    const url = new URL(on.url);
    change(url);
    return { connectionString: url.href };
  };

  it("names migrate() when the table is missing, for every method", async () => {
    const store = postgresStore({ client: on.database.client, namespace: "missing" });
    const lease = { jobId: "a", fence: 1 };
    const tx = await (on.database.client as Pool).connect();
    const calls = [
      store.ingest(result("a"), HELD),
      store.claim({ ...HELD, limit: 1 }),
      store.settle(lease, { to: "done" }),
      store.settleIn(tx, lease),
      store.get("a"),
      store.nextDueInMs(),
      store.prune({ limit: 1 }),
      store.expect("a", { pollAfterMs: 1, giveUpAfterMs: 1 }),
      store.claimPolls({ limit: 1, leaseMs: 1 }),
      store.settlePoll(lease, { againAfterMs: 1 }),
      store.list({ limit: 1 }),
      store.redrive("a"),
      store.stats(),
    ];
    for (const outcome of await Promise.allSettled(calls)) {
      const message = expect.stringContaining("await store.migrate()") as string;
      expect(outcome).toMatchObject({ status: "rejected", reason: { message } });
    }
    tx.release();
  });

  it("says what to do when the server or the database does not exist", async () => {
    const nowhere = elsewhere((url) => (url.port = "1"));
    const other = elsewhere((url) => (url.pathname = "/no_such_database"));
    await open(nowhere, async (client) => {
      await expect(postgresStore({ client }).migrate()).rejects.toThrow(/did not answer/);
    });
    await open(other, async (client) => {
      await expect(postgresStore({ client }).migrate()).rejects.toThrow(/database does not exist/);
    });
  });

  it("says so when it accepts no writes, and inspect warns of it before", async () => {
    const { schema, client } = on.database;
    await postgresStore({ client, namespace: "read_only" }).migrate();
    const options = `-c search_path=${schema},pg_catalog -c default_transaction_read_only=on`;
    await open({ connectionString: on.url, options }, async (pool) => {
      const store = postgresStore({ client: pool, namespace: "read_only" });
      await expect(store.ingest(result("a"), HELD)).rejects.toThrow(/Connect to the primary/);
      const { warnings } = await store.inspect();
      expect(warnings).toEqual([expect.stringContaining("default_transaction_read_only")]);
    });
  });
});
