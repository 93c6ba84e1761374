import { memoryStore } from "@abstrakt-webhooks/core";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { expect, it } from "vitest";
import { receiverThat, until } from "./support.ts";

it("a drain waits for running callbacks although the store is down", async () => {
  const store = memoryStore();
  let down = false;
  const failing = <T>(answer: () => Promise<T>): Promise<T> =>
    down ? Promise.reject(new Error("down")) : answer();
  let ended = false;
  const { receiver, runs } = receiverThat(
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      ended = true;
    },
    {
      store: {
        ...store,
        claim: (o) => failing(() => store.claim(o)),
        list: (o) => failing(() => store.list(o)),
        stats: () => failing(() => store.stats()),
      } as typeof store,
    },
  );
  await receiver.ingest(succeededPayload());
  await until(() => runs() === 1);
  down = true;
  const report = await receiver.drain({ timeoutMs: 5_000 });
  expect(ended).toBe(true);
  expect(report).toEqual({ settled: 1, released: 0, lost: 0 });
});
