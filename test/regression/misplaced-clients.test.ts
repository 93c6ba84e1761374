import { createClient } from "@abstrakt-webhooks/client";
import { d1Store } from "@abstrakt-webhooks/store-cloudflare";
import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import { redisStore } from "@abstrakt-webhooks/store-redis";
import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";
import { Redis } from "ioredis";
import pg from "pg";
import { createClient as createNodeRedis } from "redis";
import { describe, expect, it } from "vitest";

describe("a store gets its client in the wrong place", () => {
  const nodeRedis = createNodeRedis({ url: "redis://app:s3cret@localhost:1" });
  const ioredis = new Redis({ lazyConnect: true });
  const upstash = { evalsha: () => 1, eval: () => 1, scriptLoad: () => 1 };
  const database = { prepare: () => ({}), batch: () => ({}) };
  const pool = new pg.Pool();

  it.each<[string, () => unknown, string]>([
    ["a pg Pool", () => postgresStore(pool as never), "postgresStore({ client })"],
    ["ioredis", () => redisStore(ioredis as never), "redisStore({ client })"],
    ["node-redis", () => redisStore(nodeRedis as never), "redisStore({ client })"],
    ["Upstash", () => redisStore(upstash as never), "redisStore({ client })"],
    ["D1 in an option", () => d1Store({ database } as never), "d1Store(env.DB)"],
    ["the env of D1", () => d1Store({ KEY: "s3cret", DB: database } as never), "d1Store(env.DB)"],
    [
      "a path in an option",
      () => sqliteStore({ path: "jobs.db" } as never),
      "as the first argument",
    ],
  ])("%s", (_, make, advice) => {
    expect(make).toThrow(expect.objectContaining({ code: "invalid_options" }));
    expect(make).toThrow(advice);
    expect(make).not.toThrow(/_events|s3cret/);
  });

  it.each([
    ["sqlite:jobs.db", "Pass the path alone"],
    ["SQLITE:jobs.db", "Pass the path alone"],
    ["sqlite://jobs.db", "Pass the path alone"],
    ["postgres://app:s3cret@localhost/app", "postgresStore"],
    ["libsql://s3cret.turso.io", "Pass the path of a file"],
  ])("SQLite refuses %s, and does not quote it", (path, advice) => {
    expect(() => sqliteStore(path)).toThrow(advice);
    expect(() => sqliteStore(path)).not.toThrow(/s3cret|jobs\.db\b.*got.*jobs\.db/);
  });

  it.each([
    "jobs.db",
    "./sqlite:jobs.db",
    "C:\\data\\jobs.db",
    "C://jobs.db",
    "file:jobs.db",
    "file:///jobs.db",
    ":memory:",
  ])("SQLite accepts the path %s", (path) => {
    expect(() => sqliteStore(path)).not.toThrow();
  });
});

it.each(["https://api.abstrakt.one/v1", "https://proxy.test/abstrakt/v1/"])(
  "the client refuses the base URL %s",
  (baseUrl) => {
    expect(() => createClient({ apiKey: "k", baseUrl })).toThrow("Leave out `/v1`");
  },
);
