import { redisStore, type RedisStore } from "@abstrakt-webhooks/store-redis";
import { expect, it } from "vitest";
import { HELD, onRedis, result, STORED } from "./on-redis.ts";

async function settle(store: RedisStore, jobId: string, to: "done" | "dead"): Promise<void> {
  const ingested = await store.ingest(result(jobId), HELD);
  if (ingested.kind !== "leased") throw new Error(`Expected a lease, got ${ingested.kind}.`);
  await store.settle(ingested.lease, { to, error: "x" });
}

await onRedis("retention", ({ redis }) => {
  const boot = (
    options: { doneTtlMs?: number; deadTtlMs?: number; keepPayload?: boolean } = {},
  ) => {
    const namespace = redis.namespace();
    const store = redisStore({ client: redis.admin, namespace, ...options });
    return { namespace, store, key: (name: string) => `{${namespace}}:${name}` };
  };

  it("ends without prune, and no key is left", async () => {
    const { namespace, store } = boot({ doneTtlMs: 100, deadTtlMs: 200 });
    await settle(store, "done", "done");
    await settle(store, "dead", "dead");
    expect(await redis.admin.keys(`{${namespace}}*`)).toHaveLength(5);
    await expect.poll(() => redis.admin.keys(`{${namespace}}*`), { timeout: 5_000 }).toEqual([]);
  });

  it("is set on settled rows and their indexes, and on no live row", async () => {
    const { store, key } = boot({ doneTtlMs: 10_000, deadTtlMs: 20_000 });
    await settle(store, "done", "done");
    await settle(store, "dead", "dead");
    await settle(store, "redriven", "dead");
    await store.redrive("redriven");
    await store.ingest(result("pending"), STORED);
    await store.expect("expected", { pollAfterMs: 1, giveUpAfterMs: 1 });
    const secondsLeft = async (name: string) =>
      Math.ceil((await redis.admin.pttl(key(name))) / 10_000);
    for (const name of ["job:done", "done"]) expect(await secondsLeft(name)).toBe(1);
    for (const name of ["job:dead", "dead", "over"]) expect(await secondsLeft(name)).toBe(2);
    for (const name of ["job:redriven", "job:pending", "job:expected", "work", "polls", "live"]) {
      expect(await redis.admin.pttl(key(name)), name).toBe(-1);
    }
  });

  it("of an index is that of its last entry, whatever is added later", async () => {
    const { namespace, store, key } = boot({ doneTtlMs: 60_000 });
    await settle(store, "long", "done");
    const shorter = redisStore({ client: redis.admin, namespace, doneTtlMs: 1_000 });
    await settle(shorter, "short", "done");
    expect(await redis.admin.pttl(key("job:short"))).toBeLessThanOrEqual(1_000);
    expect(await redis.admin.pttl(key("done"))).toBeGreaterThan(30_000);
  });

  it("removes entries from the indexes as other jobs are settled", async () => {
    const { namespace, store, key } = boot({ doneTtlMs: 60_000 });
    for (let index = 0; index < 25; index += 1) await settle(store, `old-${index}`, "done");
    await redis.elapse(namespace, 59_000);
    await settle(store, "keeper", "done"); // without it the whole index would expire
    await redis.elapse(namespace, 2_000);
    for (const left of [25 + 2 - 10, 15 + 3 - 10, 8 + 1 - 5]) {
      await settle(store, `new-${left}`, "done");
      expect(await redis.admin.zcard(key("done"))).toBe(left);
      expect(await redis.admin.zcard(key("over"))).toBe(left);
    }
  });

  it("that has ended leaves nothing that affects the same job later", async () => {
    const { namespace, store } = boot({ doneTtlMs: 60_000, deadTtlMs: 600_000 });
    await settle(store, "job", "done");
    await redis.elapse(namespace, 30_000);
    await settle(store, "younger", "done");
    await redis.elapse(namespace, 31_000);
    const { kind } = await store.ingest(result("job", "2-b"), HELD);
    expect(kind).toBe("leased");
    expect(await store.stats()).toMatchObject({ leased: 1, done: 1, dead: 0 });
    const ids = async (state?: "done" | "leased") =>
      (await store.list({ limit: 9, ...(state && { state }) })).records.map((row) => row.jobId);
    expect([await ids(), await ids("done"), await ids("leased")]).toEqual([
      ["job", "younger"],
      ["younger"],
      ["job"],
    ]);
    expect(await store.prune({ limit: 9 })).toBe(1);
    expect(await ids()).toEqual(["job", "younger"]);
  });

  it("keepPayload: false drops the payload of a done job, and nothing else", async () => {
    const { store } = boot({ keepPayload: false });
    await settle(store, "done", "done");
    await settle(store, "dead", "dead");
    expect(await store.get("done")).not.toHaveProperty("payload");
    expect(await store.get("dead")).toHaveProperty("payload");
    expect(await store.ingest(result("done"), HELD)).toEqual({ kind: "duplicate", state: "done" });
  });

  it("rows that the server has removed do not delay other rows", async () => {
    const { store, key } = boot();
    await store.ingest(result("gone"), STORED);
    await store.ingest(result("here"), STORED);
    await store.expect("gone too", { pollAfterMs: 0, giveUpAfterMs: 1 });
    await redis.admin.del(key("job:gone"), key("job:gone too"));
    const leases = await store.claim({ ...HELD, limit: 1 });
    expect(leases.map(({ jobId }) => jobId)).toEqual(["here"]);
    expect(await store.claimPolls({ limit: 9, leaseMs: 9 })).toEqual([]);
    expect((await store.list({ limit: 9 })).records).toHaveLength(1);
    expect((await store.nextDueInMs()) ?? 0).toBeGreaterThan(1_000);
  });

  it("rows that the server has removed are counted only until a claim meets them", async () => {
    const { store, key } = boot();
    await store.ingest(result("pending"), STORED);
    await store.ingest(result("leased"), HELD);
    await redis.admin.zadd(key("work"), 0, "leased"); // its lease has ended
    for (const jobId of ["expected", "also arrived"]) {
      await store.expect(jobId, { pollAfterMs: 0, giveUpAfterMs: 1 });
    }
    const rows = ["pending", "leased", "expected", "also arrived"].map((id) => key(`job:${id}`));
    await redis.admin.del(...rows);
    await store.ingest(result("also arrived"), HELD);
    const gone = { pending: 1, leased: 2, expected: 2 };
    expect(await store.stats()).toMatchObject(gone);
    expect(await store.claim({ ...HELD, limit: 9 })).toEqual([]);
    expect(await store.claimPolls({ limit: 9, leaseMs: 9 })).toEqual([]);
    expect(await store.stats()).toMatchObject({ pending: 0, leased: 1, expected: 0 });
    expect((await store.list({ limit: 9 })).records).toMatchObject([
      { jobId: "also arrived", state: "leased" },
    ]);
  });

  it("a claim of a row in another state leaves the entries of that state", async () => {
    const { store, key } = boot();
    await store.expect("job", { pollAfterMs: 60_000, giveUpAfterMs: 60_000 });
    await redis.admin.zadd(key("work"), 0, "job"); // as of a row that was removed
    expect(await store.claim({ ...HELD, limit: 9 })).toEqual([]);
    expect(await redis.admin.zcard(key("work"))).toBe(0);
    expect(await store.stats()).toMatchObject({ pending: 0, leased: 0, expected: 1 });
  });

  it("lists are in byte order, page by page", async () => {
    const { store } = boot();
    const ids = ["\u{1F60A}", "\uffee", "b", "a", "B", "\u{1F60B}"];
    for (const [index, jobId] of ids.entries()) {
      if (index % 2 === 0) await settle(store, jobId, "done");
      else await store.ingest(result(jobId), STORED);
    }
    const listed: string[] = [];
    for (let after: string | undefined = ""; after !== undefined;) {
      const page = await store.list({ limit: 2, ...(after !== "" && { after }) });
      listed.push(...page.records.map(({ jobId }) => jobId));
      after = page.next;
    }
    expect(listed).toEqual(["B", "a", "b", "\uffee", "\u{1F60A}", "\u{1F60B}"]);
  });
});
