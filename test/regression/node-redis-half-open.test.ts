import { EventEmitter } from "node:events";
import { redisStore } from "@abstrakt-webhooks/store-redis";
import { afterEach, expect, it, vi } from "vitest";

/** A node-redis client whose commands are answered when the test says so. */
function halfOpen() {
  const answers: ((reply: unknown) => void)[] = [];
  const send = () => new Promise<unknown>((resolve) => void answers.push(resolve));
  const client = Object.assign(new EventEmitter(), {
    isOpen: true,
    isReady: true,
    evalSha: send,
    eval: send,
    sendCommand: send,
  });
  return { client, answers };
}

afterEach(() => vi.useRealTimers());

it("the store writes nothing to a silent connection, so that node-redis gives it up", async () => {
  const { client, answers } = halfOpen();
  const store = redisStore({ client });
  const known = store.get("a"); // from now on each call is written in its own turn
  await expect.poll(() => answers.length).toBe(1);
  answers[0]?.([]);
  expect(await known).toBeUndefined();

  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const first = store.get("a");
  await vi.advanceTimersByTimeAsync(4_999);
  const second = store.get("a");
  expect(answers).toHaveLength(3);
  await vi.advanceTimersByTimeAsync(1);
  await expect(store.get("a")).rejects.toThrow(/^The Redis client is not connected/);
  expect(answers).toHaveLength(3);

  for (const answer of answers) answer([]);
  expect(await Promise.all([first, second])).toEqual([undefined, undefined]);
  const third = store.get("a");
  answers[3]?.([]);
  expect(await third).toBeUndefined();
});
