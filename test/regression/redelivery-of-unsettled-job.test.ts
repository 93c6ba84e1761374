import { memoryStore } from "@abstrakt-webhooks/core";
import { deliver, succeededPayload } from "@abstrakt-webhooks/testing";
import { expect, it } from "vitest";
import { receiverThat, until } from "./support.ts";

it("a redelivery of an unsettled job is answered 200 once the store accepts the settlement", async () => {
  const store = memoryStore();
  let down = true;
  const settle: typeof store.settle = async (lease, settlement) => {
    if (down && settlement.to === "done") throw new Error("down");
    return store.settle(lease, settlement);
  };
  const { receiver, runs } = receiverThat(() => undefined, {
    store: { ...store, settle },
    ack: "handled",
    limits: { leaseMs: 400, ackTimeoutMs: 8_000 },
  });
  const payload = succeededPayload();
  const first = deliver(receiver, payload);
  await until(() => runs() === 1);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const again = deliver(receiver, payload);
  await new Promise((resolve) => setTimeout(resolve, 50));
  down = false;
  expect((await again)[0]?.status).toBe(200);
  expect((await first)[0]?.status).toBe(200);
  expect(runs()).toBe(1);
});
