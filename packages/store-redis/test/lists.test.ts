import { redisStore, type RedisStore } from "@abstrakt-webhooks/store-redis";
import type { JobState } from "@abstrakt-webhooks/core";
import { Redis } from "ioredis";
import { expect, it } from "vitest";
import { onRedis, result } from "./on-redis.ts";

await onRedis("a list of one state", ({ url, redis }) => {
  /** A store, and how many scripts it has sent. */
  const boot = async () => {
    const client = new Redis(url);
    const call = client.call.bind(client) as (...words: (string | number)[]) => Promise<unknown>;
    let scripts = 0;
    client.call = ((command: string, ...words: (string | number)[]) => {
      if (command === "EVALSHA") scripts += 1;
      return call(command, ...words);
    }) as typeof client.call;
    const store = redisStore({ client, namespace: redis.namespace() });
    const scriptsOf = async <Value>(read: () => Promise<Value>): Promise<[Value, number]> => {
      scripts = 0;
      return [await read(), scripts];
    };
    return { store, scriptsOf, close: () => client.disconnect() };
  };

  const fill = async (store: RedisStore, name: string, count: number, leaseMs: number) => {
    const ids = Array.from({ length: count }, (_, index) => `${name}-${index}`);
    await Promise.all(ids.map((id) => store.ingest(result(id), { owner: "test", leaseMs })));
    return ids;
  };

  const idsOf = async (store: RedisStore, state: JobState, limit: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let after: string | undefined = ""; after !== undefined;) {
      const page = await store.list({ state, limit, ...(after !== "" && { after }) });
      ids.push(...page.records.map(({ jobId }) => jobId));
      after = page.next;
    }
    return ids;
  };

  it("finds the few leased rows behind a backlog at once", async () => {
    const { store, scriptsOf, close } = await boot();
    await fill(store, "waiting", 5_000, 0);
    for (const [jobId, leaseMs] of [
      ["last", 90_000],
      ["first", 60_000],
    ] as const) {
      await store.ingest(result(jobId), { owner: "test", leaseMs });
    }
    const [{ records, next }, scripts] = await scriptsOf(() =>
      store.list({ state: "leased", limit: 10 }),
    );
    expect(records.map(({ jobId }) => jobId)).toEqual(["first", "last"]);
    expect(next).toBeUndefined();
    expect(scripts).toBe(2); // the entries, and their rows
    expect(await idsOf(store, "leased", 1)).toEqual(["first", "last"]);
    close();
  });

  it("finds the few waiting rows behind many that run at once", async () => {
    const { store, scriptsOf, close } = await boot();
    await fill(store, "running", 2_000, 60_000);
    await store.ingest(result("waiting"), { owner: "test", leaseMs: 0 });
    const lease = { jobId: "running-7", fence: 1 };
    await store.settle(lease, { to: "retry", delayMs: 90_000, error: "x" });
    const [{ records }, scripts] = await scriptsOf(() =>
      store.list({ state: "pending", limit: 10 }),
    );
    expect(records.map(({ jobId }) => jobId)).toEqual(["waiting", "running-7"]);
    expect(scripts).toBe(2);
    close();
  });

  it("reads a thousand entries at a time where many rows are of either state", async () => {
    const { store, scriptsOf, close } = await boot();
    await fill(store, "waiting", 5_000, 0);
    const running = await fill(store, "running", 1_500, 60_000);
    const [{ records }, scripts] = await scriptsOf(() =>
      store.list({ state: "leased", limit: 10 }),
    );
    expect(records).toHaveLength(10);
    expect(scripts).toBeLessThanOrEqual(5_000 / 1_000 + 2);
    const listed = await idsOf(store, "leased", 400);
    expect(listed.toSorted()).toEqual(running.toSorted());
    expect((await idsOf(store, "pending", 1_000)).length).toBe(5_000);
    close();
  });
});
