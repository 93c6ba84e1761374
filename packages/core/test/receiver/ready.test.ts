import { describe, expect, it, vi } from "vitest";
import { memoryStore } from "../../src/index.ts";
import { fakeApi } from "./fake-api.ts";
import { boot, durableStore, pass, succeeded, useFakeTime } from "./support.ts";

useFakeTime();

describe("ready", () => {
  it("resolves on a store that accepts writes", async () => {
    await expect(boot().receiver.ready()).resolves.toBeUndefined();
  });

  it("rejects with the store's error, or with a timeout after storeTimeoutMs", async () => {
    const { receiver } = boot({ store: memoryStore({ maxLive: 1 }) });
    await receiver.ingest(succeeded("a"));
    await expect(receiver.ready()).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringContaining("maxLive"),
    });
    const store = { ...memoryStore(), ready: () => new Promise<void>(() => undefined) };
    const silent = boot({ store, limits: { storeTimeoutMs: 100 } }).receiver.ready();
    const rejected = expect(silent).rejects.toThrow("did not answer within 100 ms");
    await pass(101);
    await rejected;
  });

  it("calls nextDueInMs on a store that has no `ready`", async () => {
    const { ready: _ready, ...store } = memoryStore();
    await expect(boot({ store }).receiver.ready()).resolves.toBeUndefined();
    const down = { ...store, nextDueInMs: () => Promise.reject(new Error("down")) };
    await expect(boot({ store: down }).receiver.ready()).rejects.toMatchObject({
      code: "store_unavailable",
    });
  });

  it("is called by start, which warns once and says what to do", async () => {
    const ready = () => Promise.reject(new Error("no table"));
    const { receiver, of } = boot({ store: { ...durableStore(), ready } });
    receiver.start();
    await pass(1);
    await receiver.drain();
    expect(of("warning").map(({ error }) => error)).toMatchObject([
      { code: "store_unavailable", message: expect.stringMatching(/answered 503.*no table/) },
    ]);
  });
});

describe("submit", () => {
  it("submits nothing while the store is not ready, and submits when it is", async () => {
    const { client, run } = fakeApi();
    const store = memoryStore();
    const ready = vi.fn(() => Promise.reject<void>(new Error("read-only")));
    const { receiver } = boot({ client, store: { ...store, ready } });
    await expect(receiver.submit("m", {})).rejects.toMatchObject({ code: "store_unavailable" });
    expect(run).not.toHaveBeenCalled();
    ready.mockImplementation(() => Promise.resolve());
    await receiver.submit("m", {});
    expect(run).toHaveBeenCalledOnce();
  });

  it("reuses an answer of the last five seconds, and asks the store once for many calls", async () => {
    const { client } = fakeApi();
    const store = memoryStore();
    const ready = vi.fn(async () => undefined);
    const { receiver } = boot({ client, store: { ...store, ready } });
    await Promise.all([1, 2, 3].map((input) => receiver.submit("m", input)));
    expect(ready).toHaveBeenCalledTimes(1);
    await pass(4_999);
    await receiver.submit("m", {});
    expect(ready).toHaveBeenCalledTimes(1);
    await pass(2);
    await receiver.submit("m", {});
    expect(ready).toHaveBeenCalledTimes(2);
  });
});
