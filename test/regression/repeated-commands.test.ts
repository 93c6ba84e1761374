import { memoryStore, type JobStore, type ReceiverEvent } from "@abstrakt-webhooks/core";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { expect, it } from "vitest";
import { receiverThat, until } from "./support.ts";

/**
 * A store whose client loses the first reply of a kind and repeats the command, as ioredis does.
 */
function repeating(method: "ingest" | "settle"): JobStore {
  const store = memoryStore();
  let repeats = 1;
  const twice = async <Reply>(send: () => Promise<Reply>): Promise<Reply> => {
    if (repeats-- > 0) await send();
    return send();
  };
  return {
    ...store,
    ...(method === "ingest"
      ? { ingest: (delivery, o) => twice(() => store.ingest(delivery, o)) }
      : { settle: (lease, settlement) => twice(() => store.settle(lease, settlement)) }),
  } satisfies JobStore;
}

it("a job that its own client has leased twice runs again, without start()", async () => {
  const { receiver, runs } = receiverThat(() => undefined, {
    store: repeating("ingest"),
    limits: { leaseMs: 50 },
  });
  const { kind } = await receiver.ingest(succeededPayload());
  expect(kind).toBe("duplicate");
  await until(() => runs() === 1);
});

it.each([
  ["retry", { maxAttempts: 2, minDelayMs: 3_600_000 }],
  ["dead", { maxAttempts: 1 }],
] as const)("tells a %s that its client has sent twice", async (type, retry) => {
  const events: ReceiverEvent[] = [];
  const dead: string[] = [];
  const { receiver } = receiverThat(
    () => {
      throw new Error("no");
    },
    {
      store: repeating("settle"),
      retry,
      onEvent: (event) => void events.push(event),
      onDead: ({ jobId }) => void dead.push(jobId),
    },
  );
  const payload = succeededPayload();
  await receiver.ingest(payload);
  await receiver.idle();
  expect(events.map((event) => event.type)).toEqual(["stored", "attempt", type]);
  expect(dead).toEqual(type === "dead" ? [payload.job_id] : []);
});
