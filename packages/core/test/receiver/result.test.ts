import { getEventListeners } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { type Auth, memoryStore, type Receiver } from "../../src/index.ts";
import { fakeApi } from "./fake-api.ts";
import {
  boot,
  defer,
  deliver,
  drained,
  durableStore,
  failed,
  forEver,
  pass,
  post,
  succeeded,
  useFakeTime,
  watchRejections,
} from "./support.ts";

useFakeTime();
const rejections = watchRejections();

/** Waits for a promise, and returns its outcome so far. */
function waitFor(receiver: Receiver, jobId: string, o?: Parameters<Receiver["result"]>[1]) {
  const seen: { result?: unknown; error?: unknown } = {};
  receiver.result(jobId, o).then(
    (result) => (seen.result = result),
    (error: unknown) => (seen.error = error),
  );
  return seen;
}

/** A store as `keepPayload: false` makes it. */
function forgetfulStore() {
  const inner = memoryStore();
  const get = async (jobId: string) => {
    const row = await inner.get(jobId);
    if (row?.state !== "done") return row;
    const { payload: _, ...rest } = row;
    return rest;
  };
  return { ...inner, get };
}

describe("result", () => {
  it("resolves as soon as the webhook arrives, while the callback still runs", async () => {
    const { receiver } = boot({ onSucceeded: forEver });
    const waits = [waitFor(receiver, "a"), waitFor(receiver, "a"), waitFor(receiver, "b")];
    await pass(10_000);
    await deliver(receiver, succeeded("a"));
    await pass(0);
    expect(waits).toEqual([{ result: succeeded("a") }, { result: succeeded("a") }, {}]);
  });

  it("resolves by a poll, also with a failed result", async () => {
    const { client } = fakeApi({ a: failed("a") });
    const { receiver } = boot({ client });
    await receiver.expect("a");
    const waits = waitFor(receiver, "a");
    await pass(60_000);
    expect(waits).toEqual({ result: failed("a") });
  });

  it("resolves at once with a result that came before, in every state of the job", async () => {
    const fail = () => Promise.reject(new Error("no"));
    const { receiver } = boot({ onFailed: fail, retry: { maxAttempts: 1 } });
    await deliver(receiver, succeeded("done"));
    await deliver(receiver, failed("dead"));
    await pass(1);
    expect(await receiver.result("done")).toEqual(succeeded("done"));
    expect(await receiver.result("dead")).toEqual(failed("dead"));
  });

  it("resolves within seconds when another instance gets the result", async () => {
    const store = memoryStore();
    const waits = waitFor(boot({ store }).receiver, "a");
    await pass(3_600_000);
    await deliver(boot({ store }).receiver, succeeded("a"));
    await pass(4_000);
    expect(waits).toEqual({ result: succeeded("a") });
  });

  it("reads the store less and less often, at least every four seconds", async () => {
    const store = memoryStore();
    const get = vi.fn(store.get);
    waitFor(boot({ store: { ...store, get } }).receiver, "a");
    await pass(250 + 500 + 1_000 + 2_000 + 4_000 + 4_000);
    expect(get).toHaveBeenCalledTimes(7);
  });

  it("resolves although the store drops payloads of done jobs", async () => {
    const { receiver } = boot({ store: forgetfulStore() });
    const waits = waitFor(receiver, "a");
    await pass(1);
    await deliver(receiver, succeeded("a"));
    await pass(1);
    expect(waits).toEqual({ result: succeeded("a") });
    await expect(receiver.result("a")).rejects.toMatchObject({
      code: "no_result",
      message: expect.stringContaining("keepPayload"),
    });
  });

  it("keeps waiting while the store is down", async () => {
    const inner = memoryStore();
    const get = vi.fn(inner.get).mockRejectedValueOnce(new Error("down"));
    const waits = waitFor(boot({ store: { ...inner, get } }).receiver, "a");
    await pass(1);
    await deliver(boot({ store: inner }).receiver, succeeded("a"));
    await pass(250);
    expect(waits).toEqual({ result: succeeded("a") });
  });
});

describe("result with an auth that confirms", () => {
  it("resolves with the confirmed result instead of the delivered one, and only after the confirmation", async () => {
    const gate = defer();
    const auth: Auth = {
      async confirm() {
        await gate.promise;
        return { kind: "confirmed", result: succeeded("a", "https://cdn.test/true.png") };
      },
    };
    const { receiver } = boot({ auth });
    const waits = waitFor(receiver, "a");
    await pass(1);
    void (await receiver.handle(post(succeeded("a", "https://cdn.test/forged.png")))).work?.();
    await pass(10_000);
    expect(waits).toEqual({});
    gate.resolve();
    await pass(1);
    expect(waits).toEqual({ result: succeeded("a", "https://cdn.test/true.png") });
    expect(await receiver.result("a")).toEqual(succeeded("a", "https://cdn.test/true.png"));
  });

  it("resolves although the store drops payloads of done jobs", async () => {
    const truth = succeeded("a", "https://cdn.test/true.png");
    const auth: Auth = { confirm: async () => ({ kind: "confirmed", result: truth }) };
    const { receiver } = boot({ auth, store: forgetfulStore() });
    const waits = waitFor(receiver, "a");
    await pass(1);
    await deliver(receiver, succeeded("a", "https://cdn.test/forged.png"));
    await pass(1);
    expect(waits).toEqual({ result: truth });
  });

  it("does not resolve when the job is unknown", async () => {
    const auth: Auth = { confirm: async () => ({ kind: "unknown" }) };
    const { receiver } = boot({ auth, retry: { maxAttempts: 1 } });
    const waits = waitFor(receiver, "a");
    await pass(1);
    await deliver(receiver, succeeded("a"));
    await pass(1);
    expect(waits.error).toMatchObject({ code: "no_result" });
  });
});

describe("result rejects", () => {
  it("when the job turns out to be never delivered, at that moment", async () => {
    const { client } = fakeApi();
    const { receiver } = boot({ client, poll: { afterMs: 3_000_000, giveUpAfterMs: 1 } });
    await receiver.expect("a");
    const waits = waitFor(receiver, "a");
    await pass(3_000_000);
    expect(waits.error).toMatchObject({
      code: "no_result",
      message: expect.stringContaining("never_delivered"),
    });
  });

  it("at its timeout", async () => {
    const { receiver } = boot();
    const waits = waitFor(receiver, "a", { timeoutMs: 9_000 });
    await pass(8_999);
    expect(waits).toEqual({});
    await pass(1);
    expect(waits.error).toMatchObject({
      code: "result_timeout",
      message: "Job a had no result within 9000 ms (timeoutMs). It may still come: ask again.",
    });
    await expect(receiver.result("a", { timeoutMs: -1 })).rejects.toMatchObject({
      code: "invalid_options",
      message: expect.stringContaining("`timeoutMs`"),
    });
  });

  it("at its timeout while the store is silent, with the store's failure as the cause", async () => {
    const down = vi.fn(() => Promise.reject(new Error("down")));
    const { receiver } = boot({ store: { ...memoryStore(), get: down } });
    const waits = waitFor(receiver, "a", { timeoutMs: 1_000 });
    await pass(1_000);
    expect(waits.error).toMatchObject({
      code: "result_timeout",
      cause: { code: "store_unavailable" },
    });
  });

  it("when its signal aborts, before the call or during it", async () => {
    const { receiver } = boot();
    const controller = new AbortController();
    const waits = waitFor(receiver, "a", { signal: controller.signal });
    await pass(1);
    const reason = new Error("enough");
    controller.abort(reason);
    await pass(0);
    expect(waits.error).toBe(reason);
    await expect(receiver.result("a", { signal: controller.signal })).rejects.toBe(reason);
  });

  it("at a drain, except where the result has arrived", async () => {
    const { receiver } = boot({ store: durableStore() });
    await deliver(receiver, succeeded("there"));
    const waits = waitFor(receiver, "a");
    await pass(1);
    await drained(receiver, 100);
    expect(waits.error).toMatchObject({
      code: "draining",
      message: "The receiver is draining. Use another instance.",
    });
    expect(await receiver.result("there")).toEqual(succeeded("there"));
    await expect(receiver.result("a")).rejects.toMatchObject({ code: "draining" });
  });

  it("at a drain also where the store fails", async () => {
    let isDown = false;
    const inner = durableStore();
    const get = (jobId: string) =>
      isDown ? Promise.reject(new Error("closed")) : inner.get(jobId);
    const { receiver } = boot({ store: { ...inner, get } });
    const before = waitFor(receiver, "a");
    await pass(1);
    isDown = true;
    await drained(receiver, 100);
    const after = waitFor(receiver, "a");
    await pass(1);
    expect([before.error, after.error]).toMatchObject([{ code: "draining" }, { code: "draining" }]);
  });

  it("and leaves no timer, no listener and no unhandled rejection", async () => {
    const { receiver } = boot();
    const { signal } = new AbortController();
    const before = vi.getTimerCount();
    const waits = [
      waitFor(receiver, "a", { timeoutMs: 60_000, signal }),
      waitFor(receiver, "b", { timeoutMs: 1 }),
    ];
    await pass(1);
    expect(vi.getTimerCount()).toBeGreaterThan(before);
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    await receiver.ingest(succeeded("a"));
    await receiver.idle();
    await pass(0);
    expect(waits).toMatchObject([
      { result: succeeded("a") },
      { error: { code: "result_timeout" } },
    ]);
    expect(getEventListeners(signal, "abort")).toEqual([]);
    await pass(60_000);
    expect(vi.getTimerCount()).toBe(before);
    expect(rejections).toEqual([]);
  });

  it("and does not read again when the store answers after the end", async () => {
    const answer = defer<undefined>();
    const get = vi.fn(() => answer.promise);
    const { receiver } = boot({ store: { ...memoryStore(), get } });
    const controller = new AbortController();
    const waits = waitFor(receiver, "a", { signal: controller.signal });
    await pass(1);
    controller.abort(new Error("enough"));
    await pass(1);
    answer.resolve(undefined);
    await pass(60_000);
    expect(waits.error).toEqual(new Error("enough"));
    expect(get).toHaveBeenCalledTimes(1);
  });
});
