import { describe, expect, it, vi } from "vitest";
import { type HandlerContext, memoryStore } from "../../src/index.ts";
import {
  boot,
  defer,
  deliver,
  failed,
  pass,
  succeeded,
  useFakeTime,
  watchRejections,
} from "./support.ts";

useFakeTime();
const rejections = watchRejections();

it("each kind of result has its callback, and the callback gets a context of the attempt", async () => {
  const onSucceeded = vi.fn();
  const onFailed = vi.fn();
  const { receiver } = boot({ onSucceeded, onFailed });
  vi.setSystemTime(1_700_000_000_000);
  await deliver(receiver, succeeded("a"));
  await receiver.ingest(failed("b"));
  await pass(1);
  const ctx = { attempt: 1, fence: 1, receivedAtMs: 1_700_000_000_000 };
  expect(onSucceeded.mock.calls).toMatchObject([
    [succeeded("a"), { ...ctx, jobId: "a", source: "webhook" }],
  ]);
  expect(onFailed.mock.calls).toMatchObject([
    [failed("b"), { ...ctx, jobId: "b", source: "manual" }],
  ]);
});

it("the signal is created only when the callback reads it", async () => {
  const made = vi.spyOn(globalThis, "AbortController");
  const { receiver } = boot({
    onSucceeded: () => undefined,
    onFailed: (_job, { signal }) => void signal,
  });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  expect(made).not.toHaveBeenCalled();
  await deliver(receiver, failed("b"));
  await pass(1);
  expect(made).toHaveBeenCalledTimes(1);
  made.mockRestore();
});

describe("a job is done", () => {
  const thenable = { then: (resolve: () => void) => void setTimeout(resolve, 5) };
  it.each<[name: string, onSucceeded: undefined | (() => void | Promise<void>)]>([
    ["when there is no callback", undefined],
    ["when the callback returns", () => undefined],
    ["when the callback returns any value", () => ({ then: 1 }) as never],
    ["when the callback resolves", async () => undefined],
    ["when the callback's thenable resolves", () => thenable as never],
  ])("%s", async (_name, onSucceeded) => {
    const { receiver, of } = boot(onSucceeded && { onSucceeded });
    await deliver(receiver, succeeded("a"));
    await pass(10);
    expect(of("done")).toMatchObject([{ jobId: "a", attempt: 1, handlerMs: expect.any(Number) }]);
  });
});

describe("a job is tried again", () => {
  it.each<[name: string, onSucceeded: () => void | Promise<void>, code: string]>([
    [
      "when the callback throws",
      () => {
        throw new RangeError("no");
      },
      "RangeError",
    ],
    [
      "when the callback throws undefined",
      () => {
        throw undefined;
      },
      "Error",
    ],
    ["when the callback rejects", () => Promise.reject(new RangeError("no")), "RangeError"],
    ["when the callback rejects with undefined", () => Promise.reject(undefined), "Error"],
    [
      "when the callback's thenable rejects",
      () => ({ then: (_: unknown, no: (e: Error) => void) => no(new RangeError("no")) }) as never,
      "RangeError",
    ],
    [
      "when the callback's thenable throws",
      () =>
        ({
          get then(): never {
            throw new RangeError("no");
          },
        }) as never,
      "RangeError",
    ],
    [
      "when the callback's error cannot be read",
      () => {
        throw Object.defineProperty(new Error(), "message", {
          get: () => {
            throw new Error("no");
          },
        });
      },
      "Error",
    ],
  ])("%s", async (_name, onSucceeded, code) => {
    const { receiver, of } = boot({ onSucceeded });
    const ack = await deliver(receiver, succeeded("a"));
    await pass(1);
    expect(ack.status).toBe(200);
    expect(of("retry")).toMatchObject([
      { attempt: 1, error: { code }, handlerMs: expect.any(Number) },
    ]);
    expect(rejections).toEqual([]);
  });
});

it("a callback that exceeds its timeout is aborted by its signal, its slot is free, and the job is tried again", async () => {
  const late = defer();
  const signals: AbortSignal[] = [];
  const onSucceeded = (_job: unknown, { signal }: HandlerContext) => {
    signals.push(signal);
    return signals.length === 1 ? late.promise : undefined;
  };
  const store = memoryStore();
  const { receiver, of } = boot({
    store,
    onSucceeded,
    limits: { handlerTimeoutMs: 500, concurrency: 1 },
    retry: { minDelayMs: 1_000 },
  });
  await deliver(receiver, succeeded("a"));
  await pass(499);
  expect(signals.map((signal) => signal.aborted)).toEqual([false]);
  await pass(2);
  expect(signals.map((signal) => signal.aborted)).toEqual([true]);
  expect(of("retry")).toMatchObject([{ error: { code: "handler_timeout" }, handlerMs: 500 }]);
  expect(await store.get("a")).toMatchObject({ state: "pending", attempts: 1 });

  await deliver(receiver, succeeded("b"));
  await pass(1);
  expect(of("done")).toMatchObject([{ jobId: "b" }]);
  late.reject(new Error("gave up"));
  await pass(1_000);
  expect(of("done")).toMatchObject([{ jobId: "b" }, { jobId: "a", attempt: 2 }]);
  expect(rejections).toEqual([]);
});
