import { redisStore } from "@abstrakt-webhooks/store-redis";
import { Redis } from "ioredis";
import { expect, it } from "vitest";
import { HELD, onRedis, result, STORED } from "./on-redis.ts";

/** A client that records the commands it gets. */
function watched(url: string) {
  const client = new Redis(url);
  const calls: string[] = [];
  const keys = new Set<string>();
  const call = client.call.bind(client) as (...words: (string | number)[]) => Promise<unknown>;
  client.call = ((command: string, ...words: (string | number)[]) => {
    calls.push(command);
    for (const key of words.slice(2, 2 + Number(words[1]))) keys.add(String(key));
    return call(command, ...words);
  }) as typeof client.call;
  return { client, calls, keys };
}

await onRedis(
  "scripts",
  ({ url, redis }) => {
    it("are called by their digest, sent once each as text, and sent again after the server forgot them", async () => {
      const { client, calls } = watched(url);
      const store = redisStore({ client, namespace: redis.namespace() });
      const sent = async (run: () => Promise<unknown>) => {
        calls.length = 0;
        await run();
        return [...calls];
      };
      const ingest = (jobId: string) => sent(() => store.ingest(result(jobId), HELD));
      expect(await ingest("a")).toEqual(["EVALSHA", "EVAL"]);
      expect(await ingest("b")).toEqual(["EVALSHA"]);
      expect(await ingest("b")).toEqual(["EVALSHA"]);
      await redis.admin.script("FLUSH");
      expect(await ingest("c")).toEqual(["EVALSHA", "EVAL"]);
      const lease = { jobId: "c", fence: 1 };
      await sent(() => store.settle(lease, { to: "extend", leaseMs: 9_000 }));
      expect(await sent(() => store.settle(lease, { to: "done" }))).toEqual(["EVALSHA"]);
      expect((await store.list({ limit: 9 })).records.map(({ state }) => state)).toEqual([
        "leased",
        "leased",
        "done",
      ]);
      client.disconnect();
    });

    it("are shared by calls that come while one is in flight; a single call does not wait", async () => {
      const { client, calls } = watched(url);
      const store = redisStore({ client, namespace: redis.namespace() });
      await store.ingest(result("first"), HELD);
      calls.length = 0;
      const ingested = await Promise.all(
        Array.from({ length: 1_000 }, (_, index) => store.ingest(result(`${index % 500}`), HELD)),
      );
      expect(calls).toHaveLength(10);
      const leases = ingested.flatMap((one) => (one.kind === "leased" ? [one.lease] : []));
      expect(leases.map(({ jobId }) => jobId)).toEqual(leases.map((_, index) => `${index}`));
      expect(leases).toHaveLength(500);
      await Promise.all(leases.map((lease) => store.settle(lease, { to: "done" })));
      expect(await store.stats()).toMatchObject({ leased: 1, done: 500 });
      expect(calls.filter((command) => command === "EVALSHA")).toHaveLength(10 + 5 + 1);
      client.disconnect();
    });

    it("have a maximum size, not only a maximum number of calls", async () => {
      const { client, calls } = watched(url);
      const store = redisStore({ client, namespace: redis.namespace() });
      await store.ingest(result("first"), HELD);
      calls.length = 0;
      const payload = "x".repeat(400_000);
      const big = (jobId: string) => store.ingest({ ...result(jobId), payload }, STORED);
      await Promise.all(["a", "b", "c", "d", "e", "f"].map(big));
      expect(calls).toHaveLength(2);
      client.disconnect();
    });

    it("that fail at one job do not fail the other jobs in them", async () => {
      const { client } = watched(url);
      const namespace = redis.namespace();
      const store = redisStore({ client, namespace });
      await redis.admin.set(`{${namespace}}:job:foreign`, "mine");
      const [before, foreign, after] = await Promise.allSettled(
        ["before", "foreign", "after"].map((jobId) => store.ingest(result(jobId), HELD)),
      );
      expect(before).toMatchObject({ value: { kind: "leased" } });
      expect(after).toMatchObject({ value: { kind: "leased" } });
      const message = expect.stringMatching(/Give the store a `namespace`/) as string;
      expect(foreign).toMatchObject({ reason: { code: "store_unavailable", message } });
      client.disconnect();
    });

    it("that fail in a write of one job do not fail the other jobs either", async () => {
      const { client, calls } = watched(url);
      const namespace = redis.namespace();
      const store = redisStore({ client, namespace });
      const leases = await Promise.all(
        ["before", "broken", "after"].map(async (jobId) => {
          const outcome = await store.ingest(result(jobId), HELD);
          if (outcome.kind !== "leased") throw new Error(`Expected a lease, got ${outcome.kind}.`);
          return outcome.lease;
        }),
      );
      await redis.admin.hset(`{${namespace}}:job:broken`, "attempts", "no number");
      const callsBefore = calls.length;
      const [before, broken, after] = await Promise.allSettled(
        leases.map((lease) => store.settle(lease, { to: "release" })),
      );
      expect(before).toEqual({ status: "fulfilled", value: true });
      expect(after).toEqual({ status: "fulfilled", value: true });
      expect(broken).toMatchObject({ reason: { code: "store_unavailable" } });
      expect(calls.slice(callsBefore).filter((command) => command === "EVALSHA")).toHaveLength(1);
      expect(await store.get("after")).toMatchObject({ state: "pending", attempts: 0 });
      client.disconnect();
    });

    it("fail for every job when a key of an index has another type", async () => {
      const { client } = watched(url);
      const namespace = redis.namespace();
      const store = redisStore({ client, namespace });
      await redis.admin.set(`{${namespace}}:live`, "another's");
      const outcomes = await Promise.allSettled(
        ["a", "b"].map((jobId) => store.ingest(result(jobId), HELD)),
      );
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({ reason: { code: "store_unavailable" } });
      }
      await redis.admin.del(`{${namespace}}:live`);
      expect(await store.ingest(result("a"), HELD)).toMatchObject({ kind: "leased" });
      client.disconnect();
    });

    it("use only the keys that are passed to them", async () => {
      const { client, keys } = watched(url);
      const namespace = redis.namespace();
      const store = redisStore({ client, namespace, doneTtlMs: 60_000 });
      const touched: string[] = [];
      const monitor = await redis.admin.monitor();
      monitor.on("monitor", (_time, [command = "", ...words]: string[], source: string) => {
        const isOthers = /^(?:TIME|KEYS)$/i.test(command); // these name no key, or set the time back
        if (source === "lua" && !isOthers) touched.push(words[0] ?? "");
      });
      for (const jobId of ["a", "b", "c"]) {
        await store.expect(jobId, { pollAfterMs: 0, giveUpAfterMs: 1 });
        await store.claimPolls({ limit: 1, leaseMs: 0 });
        await store.settlePoll({ jobId, fence: 1 }, { giveUp: "x" });
        await store.redrive(jobId);
        await store.ingest(result(jobId), STORED);
        const [lease] = await store.claim({ ...HELD, limit: 1 });
        if (lease !== undefined) await store.settle(lease, { to: "dead", error: "x" });
        await store.redrive(jobId);
        for (const again of await store.claim({ ...HELD, limit: 1, jobId })) {
          await store.settle(again, { to: "done" });
        }
        await redis.elapse(namespace, 30_000);
      }
      await Promise.all([store.list({ limit: 9 }), store.stats(), store.nextDueInMs()]);
      await store.prune({ limit: 9 });
      const last = `last-${namespace}`;
      await redis.admin.eval("return redis.call('GET', KEYS[1])", 1, last);
      await expect.poll(() => touched.includes(last)).toBe(true);
      monitor.disconnect();
      client.disconnect();
      const ours = touched.filter((key) => key.startsWith(`{${namespace}}`));
      expect(ours.length).toBeGreaterThan(100);
      expect([...new Set(ours)].filter((key) => !keys.has(key))).toEqual([]);
    });
  },
  [],
);
