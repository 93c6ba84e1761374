import { createReceiver, memoryStore, type JobStore } from "@abstrakt-webhooks/core";
import { createManualClock, succeededPayload } from "@abstrakt-webhooks/testing";
import { expect, it } from "vitest";

const LEASE_MS = 60_000;
const MAX_ATTEMPTS = 3;
const OTHERS = 8;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

it("a result that kills its process again and again does not make the jobs claimed with it dead", async () => {
  const clock = createManualClock();
  const memory = memoryStore({ clock: clock.now });
  const runs = new Map<string, number>();

  /** A process that ends as soon as the poison's callback begins. */
  function serve() {
    let kill = (): void => undefined;
    const killed = new Promise<"killed">((resolve) => (kill = () => resolve("killed")));
    let alive = true;
    const whileAlive =
      <A extends unknown[], R>(call: (...given: A) => Promise<R>) =>
      (...given: A): Promise<R> =>
        alive ? call(...given) : new Promise<R>(() => undefined);
    const store: JobStore = {
      ...memory,
      traits: { ...memory.traits, durable: true },
      claim: whileAlive(memory.claim),
      settle: whileAlive(memory.settle),
    };
    const receiver = createReceiver({
      auth: "none",
      store,
      clock: clock.now,
      onEvent: () => undefined,
      retry: { maxAttempts: MAX_ATTEMPTS },
      limits: { leaseMs: LEASE_MS },
      async onSucceeded({ job_id: jobId }) {
        runs.set(jobId, (runs.get(jobId) ?? 0) + 1);
        if (jobId === "poison") {
          alive = false;
          kill();
        }
        await turn();
      },
    });
    return { receiver, killed };
  }

  const jobIds = Array.from({ length: OTHERS }, (_, index) => `other-${index}`);
  for (const jobId of [...jobIds, "poison"]) {
    const payload = JSON.stringify(succeededPayload({ job_id: jobId }));
    const delivery = { jobId, fingerprint: jobId, payload, source: "webhook" } as const;
    await memory.ingest(delivery, { owner: "test", leaseMs: 0 });
  }
  let server = serve();
  let deaths = 0;
  for (let passes = 0; passes < MAX_ATTEMPTS + OTHERS + 2; passes += 1) {
    const end = await Promise.race([server.receiver.tick(), server.killed]);
    if (end === "killed") {
      deaths += 1;
      server = serve();
    }
    clock.advance(LEASE_MS + 1);
  }

  expect(deaths).toBe(MAX_ATTEMPTS);
  expect(runs.get("poison")).toBe(MAX_ATTEMPTS);
  const error = "lease_lost: The process of the last attempt died, or lost its lease";
  expect(await memory.get("poison")).toMatchObject({ state: "dead", error });
  const { records } = await memory.list({ state: "done", limit: 100 });
  expect(records.map(({ jobId }) => jobId).sort()).toEqual(jobIds);
});
