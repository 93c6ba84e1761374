import { createReceiver, memoryStore, sharedReceiver } from "@abstrakt-webhooks/next";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { afterEach, describe, expect, it, vi } from "vitest";

afterEach(() => vi.unstubAllEnvs());

/** A memory store with a result that waits. */
async function waitingStore() {
  const store = memoryStore();
  const payload = JSON.stringify(succeededPayload({ job_id: "waits" }));
  const delivery = { jobId: "waits", fingerprint: "left", payload, source: "webhook" } as const;
  await store.ingest(delivery, { owner: "a test", leaseMs: 0 });
  return store;
}

describe.each([
  ["createReceiver", createReceiver],
  [
    "sharedReceiver",
    (options: Parameters<typeof createReceiver>[0]) => {
      const { onSucceeded, ...rest } = options;
      return sharedReceiver("in-next-build", onSucceeded ? { onSucceeded } : {}, () => rest);
    },
  ],
])("%s", (_, create) => {
  it("starts no loop while `next build` runs, and starts one otherwise", async () => {
    const store = await waitingStore();
    const onSucceeded = vi.fn();
    const receiver = create({ auth: "none", store, onSucceeded });
    vi.stubEnv("NEXT_PHASE", "phase-production-build");
    receiver.start();
    // A loop begins within these turns, because timers fire in the order of their times.
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
    expect((await store.get("waits"))?.state).toBe("pending");
    vi.stubEnv("NEXT_PHASE", "phase-production-server");
    receiver.start();
    await expect.poll(() => onSucceeded).toHaveBeenCalledTimes(1);
    await receiver.drain();
  });
});

it("sharedReceiver returns one receiver for each name", async () => {
  const make = () => ({ auth: "none", store: memoryStore() }) as const;
  const receiver = sharedReceiver("one", {}, make);
  expect(sharedReceiver("one", {}, make)).toBe(receiver);
  await receiver.drain();
});
