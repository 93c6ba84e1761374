import type { AbstraktWebhookError } from "@abstrakt-webhooks/core";
import {
  redisStore,
  type RedisClient,
  type RedisStoreOptions,
} from "@abstrakt-webhooks/store-redis";
import { Redis as Upstash } from "@upstash/redis";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { describe, expect, it } from "vitest";
import { freePort } from "../../../test/support/free-port.ts";
import { startRestBridge } from "../../../test/support/redis-rest.ts";
import { HELD, onRedis, result, STORED } from "./on-redis.ts";

/** A client without a connection, like Upstash's; every command gives this outcome. */
const failing = (thrown: unknown): RedisClient => {
  const fail = () => Promise.reject(thrown);
  return { evalsha: fail, eval: fail, scriptLoad: fail } as RedisClient;
};

const errorOf = (client: RedisClient): Promise<AbstraktWebhookError> =>
  redisStore({ client })
    .ingest(result("a"), HELD)
    .then(
      () => expect.fail("Expected a failure."),
      (thrown: unknown) => thrown as AbstraktWebhookError,
    );

describe("options", () => {
  const make = (options: Partial<Record<keyof RedisStoreOptions, unknown>>) => () =>
    redisStore({ client: failing(undefined), ...options } as RedisStoreOptions);

  it("a namespace that breaks the hash tag is refused", () => {
    for (const namespace of ["", "a}b", "{a}", "a b", "\u00e9", "x".repeat(65), null, 1]) {
      expect(make({ namespace })).toThrow(/Expected `namespace`/);
    }
    for (const namespace of ["a", "a:b", "A_1.b-c", "x".repeat(64)]) {
      expect(make({ namespace })).not.toThrow();
    }
  });

  it("invalid numbers are refused", () => {
    for (const ms of [0, -1, 1.5, Number.NaN, Infinity, "1", null]) {
      expect(make({ doneTtlMs: ms })).toThrow(/Expected `doneTtlMs`/);
      expect(make({ deadTtlMs: ms })).toThrow(/Expected `deadTtlMs`/);
    }
    for (const waitReplicas of [-1, 0.5, "1"]) {
      expect(make({ waitReplicas })).toThrow(/Expected `waitReplicas`/);
    }
    expect(make({ waitReplicas: 1 })).toThrow(/a single connection/); // Upstash has none
  });

  it("an unknown option and missing options are refused", () => {
    const misspelt: object = { waitReplica: 1 };
    expect(make(misspelt)).toThrow(
      /Unknown option `waitReplica`. Did you mean `waitReplicas`\? Known: client, waitReplicas,/,
    );
    expect(() => redisStore(undefined as never)).toThrow(/Expected the store's options/);
  });
});

describe("a failing client", () => {
  it("is an error that says what to do and quotes nothing", async () => {
    for (const [message, words] of Object.entries({
      "connect ECONNREFUSED secret": /did not answer.*host, port/,
      "Command timed out": /did not answer/,
      "NOAUTH Authentication required. secret": /password/,
      "WRONGPASS invalid secret": /credentials/,
      "Unauthorized: secret": /token/,
      "NOPERM this user has no permissions secret": /permission.*`\+wait` for `waitReplicas`/,
      "READONLY You can't write against a read only replica. secret": /primary/,
      "OOM command not allowed. secret": /maxmemory/,
      "@user_script: 83: -OOM command not allowed. secret": /maxmemory/,
      "ERR Error running script (call to f_1): @user_script:9: @user_script: 9: -MISCONF secret":
        /disk/,
      "ERR Error running script (call to f_1): @user_script:9: @user_script: 9: -READONLY secret":
        /primary/,
      "ERR Error running script (call to f_1): @user_script:9: WRONGTYPE secret": /`namespace`/,
      "ERR Error running script (call to f_1): @user_script:9: secret": /refused a command \(ERR\)/,
      "LOADING secret": /starting/,
      "WRONGTYPE Operation secret": /`namespace`/,
      "ERR max number of clients reached secret": /maxclients/,
      "ERR unknown secret": /refused a command \(ERR\)/,
      "Command failed: OOM command not allowed. secret": /maxmemory/,
      'ERR secret, command was: ["OOM"]': /refused a command \(ERR\)/,
    })) {
      const cause = new Error(message);
      const error = await errorOf(failing(cause));
      expect(error).toMatchObject({ code: "store_unavailable", cause });
      expect(error.message).toMatch(words);
      expect(error.message).not.toContain("secret");
    }
  });

  it("may reject with any value", async () => {
    for (const thrown of [undefined, null, "words", {}, { message: 1 }]) {
      expect((await errorOf(failing(thrown))).message).toMatch(/did not answer/);
    }
  });
});

describe("a server that does not run", () => {
  const nowhere = async () => `redis://127.0.0.1:${await freePort()}`;

  it("ioredis: the error says so, at first and later", async () => {
    const client = new Redis(await nowhere());
    expect((await errorOf(client)).message).toMatch(/^Redis did not answer.*reachable/);
    expect((await errorOf(client)).message).toMatch(/not connected|did not answer/);
    expect(client.listenerCount("error")).toBe(0);
    client.disconnect();
    expect((await errorOf(client)).message).toMatch(/not connected/);
  });

  it("node-redis: the error says so, also when connect() was not called", async () => {
    const client = createClient({ url: await nowhere() });
    client.on("error", () => undefined);
    expect((await errorOf(client)).message).toMatch(/not connected.*await client\.connect\(\)/);
    const connecting = client.connect().catch(() => undefined);
    expect((await errorOf(client)).message).toMatch(/^Redis did not answer.*reachable/);
    client.destroy();
    await connecting;
  });

  it("Upstash: the error says so", async () => {
    const url = (await nowhere()).replace("redis:", "http:");
    const client = new Upstash({ url, token: "t", retry: false });
    expect((await errorOf(client)).message).toMatch(/^Redis did not answer/);
  });
});

await onRedis(
  "a new server",
  ({ url, redis }) => {
    it("a wrong or missing password: the error says so", async () => {
      await redis.admin.config("SET", "requirepass", "right");
      const withPassword = url.replace("//", "//:wrong@");
      for (const each of [url, withPassword]) {
        const client = new Redis(each);
        client.on("error", () => undefined);
        expect((await errorOf(client)).message).toMatch(/^Redis refused the user, the password/);
        client.disconnect();
      }
      const client = createClient({ url: withPassword, socket: { reconnectStrategy: false } });
      client.on("error", () => undefined);
      const connecting = client.connect().catch(() => undefined);
      expect((await errorOf(client)).message).toMatch(/^Redis refused the user, the password/);
      await connecting;
      await redis.admin.config("SET", "requirepass", "");
    });

    it("Upstash: a wrong token is named in the error", async () => {
      const bridge = await startRestBridge(url);
      const client = new Upstash({ url: bridge.url, token: "wrong", retry: false });
      expect((await errorOf(client)).message).toMatch(/the token/);
      await bridge.close();
    });

    it("a user without permissions: the error names the missing ones, and with them the store works", async () => {
      const namespace = redis.namespace();
      const login = { username: "some", password: "secret" };
      const basic = ["on", ">secret", "+@connection", "+info"];
      await redis.admin.acl("SETUSER", "some", "reset", ...basic);
      const client = new Redis(url, login);
      const store = redisStore({ client, namespace });
      const message = await store.get("a").then(String, (error: Error) => error.message);
      const [rights = ""] = /(?<=`)\+[^`]*/.exec(message) ?? [];
      const [keys = ""] = /(?<=`)~[^`]*/.exec(message) ?? [];
      const granted = [...rights.split(" "), keys.replace("<namespace>", namespace)];
      await redis.admin.acl("SETUSER", "some", "reset", ...basic, ...granted);
      const other = new Redis(url, login);
      const allowed = redisStore({ client: other, namespace });
      const ingested = await allowed.ingest(result("a"), HELD);
      if (ingested.kind !== "leased") throw new Error("Expected a lease.");
      expect(await allowed.settle(ingested.lease, { to: "dead", error: "x" })).toBe(true);
      expect(await allowed.redrive("a")).toBe(true);
      expect(await allowed.claim({ ...HELD, limit: 1 })).toHaveLength(1);
      expect((await allowed.list({ limit: 1 })).records).toHaveLength(1);
      expect(await allowed.prune({ limit: 1 })).toBe(0);
      client.disconnect();
      other.disconnect();
    });

    it("a foreign key: it is not overwritten", async () => {
      const namespace = redis.namespace();
      await redis.admin.set(`{${namespace}}:work`, "mine");
      const store = redisStore({ client: redis.admin, namespace });
      await expect(store.ingest(result("a"), HELD)).rejects.toThrow(/Give the store a `namespace`/);
      expect(await redis.admin.get(`{${namespace}}:work`)).toBe("mine");
    });

    it("a replica: the error says that it accepts no writes", async () => {
      await redis.admin.config("SET", "replica-read-only", "yes");
      await redis.admin.replicaof("127.0.0.1", "1");
      const message = expect.stringMatching(/LOADING|primary|failing over|MASTERDOWN/) as string;
      const store = redisStore({ client: redis.admin, namespace: redis.namespace() });
      await expect(store.ingest(result("a"), HELD)).rejects.toMatchObject({ message });
      await redis.admin.replicaof("NO", "ONE");
    });

    it("a full server: it accepts no new result, but its jobs are settled", async () => {
      const store = redisStore({ client: redis.admin, namespace: redis.namespace() });
      const ingested = await store.ingest(result("a"), HELD);
      await store.ingest(result("b"), STORED);
      await redis.admin.config("SET", "maxmemory", "1");
      await expect(store.ingest(result("c"), HELD)).rejects.toThrow(/^Redis is full/);
      expect(await store.ingest(result("a"), HELD)).toEqual({ kind: "duplicate", state: "leased" });
      if (ingested.kind !== "leased") throw new Error("Expected a lease.");
      expect(await store.settle(ingested.lease, { to: "done" })).toBe(true);
      await redis.admin.config("SET", "maxmemory", "0");
      expect(await store.get("c")).toBeUndefined();
      expect(await store.get("a")).toMatchObject({ state: "done", payload: result("a").payload });
      expect(await store.stats()).toMatchObject({ pending: 1, leased: 0, done: 1 });
    });

    it("a full server: it extends leases, claims lost leases and polls, and redrives", async () => {
      const namespace = redis.namespace();
      const store = redisStore({ client: redis.admin, namespace });
      const leased = async (jobId: string) => {
        const ingested = await store.ingest(result(jobId), HELD);
        if (ingested.kind !== "leased") throw new Error("Expected a lease.");
        return ingested.lease;
      };
      const lease = await leased("extended");
      await store.settle(await leased("dead"), { to: "dead", error: "x" });
      for (const jobId of ["lost", "asked for"]) {
        await leased(jobId);
        await redis.admin.zadd(`{${namespace}}:work`, 0, jobId); // its lease has ended
      }
      await store.expect("polled", { pollAfterMs: 0, giveUpAfterMs: 60_000 });
      await redis.admin.config("SET", "maxmemory", "1");
      const outcomes = await Promise.allSettled([
        store.settle(lease, { to: "extend", leaseMs: 90_000 }),
        store.redrive("dead"),
        store.claim({ ...HELD, limit: 1, jobId: "asked for" }),
      ]);
      const claimed = await Promise.allSettled([
        store.claim({ ...HELD, limit: 9 }),
        store.claimPolls({ limit: 9, leaseMs: 60_000 }),
      ]);
      const again = await Promise.allSettled([
        store.settlePoll({ jobId: "polled", fence: 1 }, { againAfterMs: 60_000 }),
        store.ingest(result("new"), HELD),
      ]);
      await redis.admin.config("SET", "maxmemory", "0");
      const jobIds = (ids: string[]) => ids.map((jobId) => expect.objectContaining({ jobId }));
      expect(outcomes).toMatchObject([
        { value: true },
        { value: true },
        { value: jobIds(["asked for"]) },
      ]);
      expect(claimed).toMatchObject([
        { value: expect.arrayContaining(jobIds(["dead", "lost"])) },
        { value: jobIds(["polled"]) },
      ]);
      expect(again).toMatchObject([
        { value: true },
        { reason: { message: expect.stringMatching(/^Redis is full/) } },
      ]);
      expect((await store.get("extended"))?.dueInMs).toBeGreaterThan(60_000);
    });
  },
  [],
);
