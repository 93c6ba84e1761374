import { memoryStore, type ReceiverEvent } from "@abstrakt-webhooks/core";
import { succeededPayload, unrecognizedPayload } from "@abstrakt-webhooks/testing";
import { expect, it } from "vitest";
import { receiverThat, until } from "./support.ts";

/** A memory store that writes its first `ingest` at once and answers it after `delayMs`. */
function slowStore(delayMs: number) {
  const store = memoryStore();
  let slow = true;
  const ingest: typeof store.ingest = async (delivery, o) => {
    const reply = await store.ingest(delivery, o);
    if (slow) {
      slow = false;
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
    return reply;
  };
  return { ...store, ingest };
}

it("a parked payload is emitted as dead although the store's reply came after the 503", async () => {
  const dead: string[] = [];
  const events: ReceiverEvent["type"][] = [];
  const { receiver } = receiverThat(() => undefined, {
    store: slowStore(60),
    limits: { storeTimeoutMs: 20 },
    onDead: (record) => void dead.push(record.jobId),
    onEvent: (event) => void events.push(event.type),
  });
  const payload = unrecognizedPayload();
  await expect(receiver.ingest(payload)).rejects.toMatchObject({ code: "store_unavailable" });
  await until(() => dead.length === 1);
  expect(dead).toEqual([payload.job_id]);
  expect(events).toContain("dead");
});

it("a lease that has ended when its reply comes runs no callback", async () => {
  const fences: number[] = [];
  const { receiver } = receiverThat(() => undefined, {
    store: slowStore(120),
    limits: { storeTimeoutMs: 20, leaseMs: 40 },
    onSucceeded: (_job, ctx) => void fences.push(ctx.fence),
  });
  await expect(receiver.ingest(succeededPayload())).rejects.toMatchObject({
    code: "store_unavailable",
  });
  await until(async () => (await receiver.list({ state: "done" })).records.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(fences).toEqual([2]);
});
