import { expect, it } from "vitest";
import { memoryStore } from "../../src/index.ts";

const DAY_MS = 86_400_000;
/** The default lifetime of a signed URL: a result may arrive by it until then. */
const URL_LIFE_MS = 7 * DAY_MS;

it("a store remembers a job, done or dead, for longer than its URL can deliver it again", async () => {
  const { doneTtlMs, deadTtlMs } = memoryStore().traits;
  expect(doneTtlMs).toBeGreaterThan(URL_LIFE_MS);
  expect(deadTtlMs).toBeGreaterThan(URL_LIFE_MS);
});

it("the default store is neither durable nor shared between processes", () => {
  expect(memoryStore().traits).toMatchObject({ durable: false, shared: false });
});

it("a store still knows a done job on the last day of its URL", async () => {
  let nowMs = 0;
  const store = memoryStore({ clock: () => nowMs });
  const delivery = { jobId: "job", fingerprint: "f", payload: "{}", source: "webhook" } as const;
  const o = { owner: "a", leaseMs: 60_000 };
  const first = await store.ingest(delivery, o);
  if (first.kind !== "leased") expect.fail(`Expected a lease, got ${first.kind}`);
  await store.settle(first.lease, { to: "done" });
  nowMs = URL_LIFE_MS;
  await store.prune({ limit: 100 });
  expect(await store.ingest(delivery, o)).toEqual({ kind: "duplicate", state: "done" });
});
