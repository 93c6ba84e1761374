import { setImmediate } from "node:timers/promises";
import { memoryStore } from "@abstrakt-webhooks/core";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { expect, it } from "vitest";
import { receiverThat, until } from "./support.ts";

it("a redelivery that finds no free slot keeps its backoff and counts no attempt", async () => {
  const store = memoryStore();
  let finish = (): void => undefined;
  const { receiver, runs } = receiverThat(
    () => {
      if (runs() === 1) throw new Error("not yet");
      return new Promise((resolve) => (finish = resolve));
    },
    {
      store: {
        ...store,
        async claim(o) {
          const leases = await store.claim(o);
          // This gives a waiting job the time to take the only slot.
          if (o.jobId !== undefined) await until(() => runs() === 2);
          return leases;
        },
      },
      ack: "handled",
      retry: { minDelayMs: 600_000 },
      limits: { concurrency: 1 },
    },
  );
  const deliver = (payload: object) =>
    receiver.handle({
      method: "POST",
      url: "/",
      header: () => undefined,
      body: async () => ({ parsed: payload }),
    });
  const redelivered = succeededPayload({ job_id: "a" });
  expect(await deliver(redelivered)).toMatchObject({ status: 503 });
  await receiver.ingest(succeededPayload({ job_id: "b" }));
  expect(await deliver(redelivered)).toMatchObject({ status: 503 });
  const row = await store.get("a");
  expect(row).toMatchObject({ state: "pending", attempts: 1, fence: 2 });
  expect(row?.dueInMs).toBeGreaterThan(200_000);
  finish();
  await receiver.idle();
  await setImmediate();
  expect(runs()).toBe(2);
});
