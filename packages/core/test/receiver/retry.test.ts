import { describe, expect, it, vi } from "vitest";
import { type JobRecord, memoryStore } from "../../src/index.ts";
import { backoffMs } from "../../src/receiver/run/backoff.ts";
import { boot, deliver, pass, succeeded, useFakeTime } from "./support.ts";

useFakeTime();
const fail = () => {
  throw new Error("no");
};

describe("backoff", () => {
  const retry = { minDelayMs: 100, maxDelayMs: 2_000 };
  it("triples up to its maximum", () => {
    const delays = [1, 2, 3, 4, 5, 999].map((attempt) => backoffMs(attempt, retry, () => 0));
    expect(delays).toEqual([100, 300, 900, 2_000, 2_000, 2_000]);
  });
  it("is shortened by up to half, at random", () => {
    expect(backoffMs(2, retry, () => 0.5)).toBe(225);
    expect(backoffMs(2, retry, () => 0.999_999)).toBe(150);
  });
});

it("a failed job is tried again after each backoff, without start()", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  const attempts: [number, number][] = [];
  const bornAtMs = Date.now();
  const { receiver, of } = boot({
    retry: { minDelayMs: 1_000, maxDelayMs: 5_000 },
    onSucceeded(_job, { attempt }) {
      attempts.push([attempt, Math.round((Date.now() - bornAtMs) / 100) * 100]);
      if (attempt < 5) fail();
    },
  });
  await deliver(receiver, succeeded("a"));
  await pass(20_000);
  expect(attempts).toEqual([
    [1, 0],
    [2, 1_000],
    [3, 4_000],
    [4, 9_000],
    [5, 14_000],
  ]);
  expect(of("retry").map((event) => event.delayMs)).toEqual([1_000, 3_000, 5_000, 5_000]);
  expect(of("done")).toMatchObject([{ attempt: 5 }]);
  vi.restoreAllMocks();
});

it("a job is dead after its last attempt: reported, listed, and redriven with new attempts", async () => {
  let broken = true;
  const onSucceeded = vi.fn(() => void (broken && fail()));
  const dead: JobRecord[] = [];
  const { receiver, of } = boot({
    onSucceeded,
    onDead: (record) => void dead.push(record),
    retry: { maxAttempts: 3, minDelayMs: 1 },
  });
  await deliver(receiver, succeeded("a"));
  await pass(60_000);
  expect(onSucceeded).toHaveBeenCalledTimes(3);
  expect(of("dead")).toMatchObject([
    { jobId: "a", attempt: 3, reason: "attempts_exhausted", error: { message: "no" } },
  ]);
  const record = {
    jobId: "a",
    state: "dead",
    attempts: 3,
    error: "Error: no",
    payload: JSON.stringify(succeeded("a")),
  };
  expect(dead).toMatchObject([record]);
  expect((await receiver.list({ state: "dead" })).records).toMatchObject([record]);
  expect(await deliver(receiver, succeeded("a"))).toMatchObject({
    body: '{"received":true,"duplicate":true}',
  });

  broken = false;
  expect(await receiver.redrive("a")).toBe(true);
  await pass(1);
  expect(of("done")).toMatchObject([{ jobId: "a", attempt: 1 }]);
  expect(await receiver.redrive("a")).toBe(false);
  expect(await receiver.redrive("nobody")).toBe(false);
});

it("a result that kills the process is dead after its last attempt, and does not run once more", async () => {
  const store = memoryStore();
  const delivery = {
    jobId: "a",
    payload: JSON.stringify(succeeded("a")),
    fingerprint: "1-a",
    source: "webhook",
  } as const;
  await store.ingest(delivery, { owner: "crashed", leaseMs: 10 });
  await pass(11);
  await store.claim({ owner: "crashed too", leaseMs: 10, limit: 1 });
  await pass(11);
  const onSucceeded = vi.fn();
  const onDead = vi.fn();
  const { receiver, of } = boot({ store, onSucceeded, onDead, retry: { maxAttempts: 2 } });
  expect(await receiver.tick()).toMatchObject({ claimed: 1 });
  expect(onSucceeded).not.toHaveBeenCalled();
  expect(of("dead")).toMatchObject([{ jobId: "a", attempt: 3, reason: "attempts_exhausted" }]);
  expect(onDead).toHaveBeenCalledTimes(1);
  expect(await store.get("a")).toMatchObject({ state: "dead" });
});
