import { EventEmitter } from "node:events";
import { redisStore } from "@abstrakt-webhooks/store-redis";
import { expect, it } from "vitest";

/** A client of ioredis that is still connecting. */
function connecting() {
  return Object.assign(new EventEmitter(), {
    status: "connecting",
    connect: async () => undefined,
    call: async () => [],
  });
}

it("all calls wait with one listener for the first connection", async () => {
  const client = connecting();
  const store = redisStore({ client });
  const calls = Array.from({ length: 100 }, (_, index) => store.get(`job-${index}`));
  expect(client.listenerCount("ready")).toBe(1);
  client.emit("end");
  for (const call of calls) await expect(call).rejects.toThrow(/not connected/);
  expect(client.listenerCount("ready")).toBe(0);
});

it("a call fails at once when the connection is lost directly after the first call has waited for it", async () => {
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
