import { expect, it } from "vitest";
import { type ListOptions, memoryStore } from "../../src/index.ts";

const HELD = { owner: "test", leaseMs: 60_000 };

function boot(options: Parameters<typeof memoryStore>[0] = {}) {
  let nowMs = 10_000;
  const store = memoryStore({ ...options, clock: () => nowMs });
  return {
    store,
    advance: (ms: number) => void (nowMs += ms),
    async settle(jobId: string, to: "done" | "dead" = "done") {
      const delivery = { jobId, payload: "{}", fingerprint: "1-a", source: "webhook" } as const;
      const ingested = await store.ingest(delivery, HELD);
      if (ingested.kind !== "leased") throw new Error(ingested.kind);
      await store.settle(ingested.lease, to === "done" ? { to } : { to, error: "x" });
    },
    list: async (o: ListOptions) => (await store.list(o)).records.map(({ jobId }) => jobId),
  };
}

it("a list by id finds a done job that was settled before those with later ids", async () => {
  const { settle, advance, list } = boot();
  for (const jobId of ["a", "d", "c", "b"]) {
    await settle(jobId);
    advance(1);
  }
  expect(await list({ limit: 1 })).toEqual(["a"]);
});

it("a list by prefix finds a done job that was settled before others without this prefix", async () => {
  const { settle, advance, list } = boot();
  await settle("a-1");
  advance(1);
  await settle("b-1");
  expect(await list({ state: "done", prefix: "a-", limit: 10 })).toEqual(["a-1"]);
});

it("done jobs that were settled at the same time are listed by id, in whatever order they ended", async () => {
  const { settle, list } = boot();
  for (const jobId of ["z", "a", "b", "c"]) await settle(jobId);
  expect(await list({ state: "done", limit: 1 })).toEqual(["z"]);
});

it.each(["done", "dead"] as const)(
  "%s jobs whose retention ends now take no other job's place on a page",
  async (state) => {
    const { settle, advance, list } = boot({ doneTtlMs: 100, deadTtlMs: 100 });
    for (const jobId of ["a", "b"]) await settle(jobId, state);
    advance(50);
    await settle("c", state);
    expect(await list({ limit: 1 })).toEqual(["a"]);
    advance(50);
    expect(await list({ limit: 1 })).toEqual(["c"]);
  },
);
