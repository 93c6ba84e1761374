import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { memoryStore } from "../../src/index.ts";
import { boot, deliver, pass, succeeded, useFakeTime, watchRejections } from "./support.ts";

useFakeTime();
const rejections = watchRejections();
const error = vi.fn();
beforeEach(() => void vi.spyOn(console, "error").mockImplementation(error));
afterEach(() => {
  vi.restoreAllMocks();
  error.mockClear();
});

const misbehaviours: [name: string, listener: () => void | Promise<void>][] = [
  [
    "throws",
    () => {
      throw new Error("bad listener");
    },
  ],
  ["rejects", () => Promise.reject(new Error("bad listener"))],
  [
    "throws undefined",
    () => {
      throw undefined;
    },
  ],
  ["hangs", () => new Promise(() => undefined)],
];

describe.each(misbehaviours)("a listener that %s disturbs nothing", (name, listener) => {
  it("as onEvent", async () => {
    const store = memoryStore();
    const { receiver } = boot({ store, onEvent: listener });
    expect((await deliver(receiver, succeeded("a"))).status).toBe(200);
    await pass(1);
    expect(await store.get("a")).toMatchObject({ state: "done" });
    if (name !== "hangs")
      expect(error).toHaveBeenCalledWith(expect.stringContaining("onEvent threw"));
    expect(rejections).toEqual([]);
  });

  it("as onDead", async () => {
    const onDead = vi.fn(listener);
    const limits = { concurrency: 1, handlerTimeoutMs: 500 };
    const onSucceeded = (job: { job_id: string }) => {
      if (job.job_id === "a") throw new Error("no");
    };
    const { receiver, of } = boot({ onDead, onSucceeded, limits, retry: { maxAttempts: 1 } });
    await deliver(receiver, succeeded("a"));
    await pass(1);
    expect(onDead).toHaveBeenCalledTimes(1);
    await deliver(receiver, succeeded("b"));
    await pass(501);
    expect(of("done")).toMatchObject([{ jobId: "b" }]);
    if (name !== "hangs")
      expect(error).toHaveBeenCalledWith(expect.stringContaining("onDead threw"));
    await receiver.idle();
    expect(rejections).toEqual([]);
  });
});

it("the console prints nothing while there is a listener", async () => {
  const warn = vi.spyOn(console, "warn");
  const { receiver, of } = boot({
    retry: { maxAttempts: 1 },
    onSucceeded: () => Promise.reject(new Error("no")),
  });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  expect(of("dead")).toHaveLength(1);
  expect(error).not.toHaveBeenCalled();
  expect(warn).not.toHaveBeenCalled();
});
