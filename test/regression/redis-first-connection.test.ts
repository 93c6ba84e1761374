import { EventEmitter } from "node:events";
import { redisStore } from "@abstrakt-webhooks/store-redis";
import { expect, it } from "vitest";

/** An ioredis that is still connecting. */
function connecting() {
  return Object.assign(new EventEmitter(), {
    status: "connecting",
    connect: async () => undefined,
    call: async () => [],
  });
}

it("waits for the first connection with one listener, however many calls come meanwhile", async () => {
  const client = connecting();
  const store = redisStore({ client });
  const calls = Array.from({ length: 100 }, (_, index) => store.get(`job-${index}`));
  expect(client.listenerCount("ready")).toBe(1);
  client.emit("end");
  for (const call of calls) await expect(call).rejects.toThrow(/not connected/);
  expect(client.listenerCount("ready")).toBe(0);
});

it("fails at once when the connection is lost right after the first call has waited for it", async () => {
  const client = connecting();
  const store = redisStore({ client });
  const first = store.get("job");
  client.status = "ready";
  client.emit("ready");
  expect(await first).toBeUndefined();
  client.status = "connecting";
  const second = store.get("job");
  expect(client.listenerCount("ready")).toBe(0);
  await expect(second).rejects.toThrow(/not connected/);
});
