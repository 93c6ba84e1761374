import { describe, expect, it, vi } from "vitest";
import { type JobRecord, memoryStore } from "../../src/index.ts";
import { backoffMs } from "../../src/receiver/run/backoff.ts";
import { boot, deliver, pass, stored, succeeded, useFakeTime } from "./support.ts";

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
  expect(dead[0]).not.toHaveProperty("ref");
  expect(of("dead")[0]?.cause).toEqual(new Error("no"));
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
  await store.ingest(stored("a"), { owner: "crashed", leaseMs: 10 });
  await pass(11);
  await store.claim({ owner: "crashed too", leaseMs: 10, limit: 1 });
  await pass(11);
  const onSucceeded = vi.fn();
  const onDead = vi.fn();
  const { receiver, of } = boot({ store, onSucceeded, onDead, retry: { maxAttempts: 2 } });
  expect(await receiver.tick()).toMatchObject({ claimed: 1 });
  expect(onSucceeded).not.toHaveBeenCalled();
  const message = "The process of the last attempt died, or lost its lease";
  expect(of("dead")).toMatchObject([
    {
      jobId: "a",
      attempt: 3,
      reason: "attempts_exhausted",
      error: { code: "lease_lost", message },
    },
  ]);
  expect(onDead).toHaveBeenCalledTimes(1);
  expect(await store.get("a")).toMatchObject({ state: "dead", error: `lease_lost: ${message}` });
});

describe("a job whose attempts were used up elsewhere keeps the last error", () => {
  const failed = { to: "retry", delayMs: 0, error: "TypeError: no: url" } as const;

  /** Delivers `a`, whose first attempt fails, to a store on which the test goes on. */
  async function storeAfterFailure() {
    const store = memoryStore();
    const payload = JSON.stringify(succeeded("a"));
    const delivery = { jobId: "a", payload, fingerprint: "1-a", source: "webhook" } as const;
    const ingested = await store.ingest(delivery, { owner: "elsewhere", leaseMs: 10 });
    if (ingested.kind !== "leased") throw new Error(`Expected a lease, got ${ingested.kind}.`);
    await store.settle(ingested.lease, failed);
    return store;
  }

  it.each([
    ["its last attempt failed", false, "TypeError", "no: url"],
    [
      "its last process died",
      true,
      "lease_lost",
      "The process of the last attempt died, or lost its lease; before: TypeError: no: url",
    ],
  ])("%s", async (_, dies, code, message) => {
    const store = await storeAfterFailure();
    if (dies) await store.claim({ owner: "elsewhere", leaseMs: 10, limit: 1 });
    await pass(11);
    const onDead = vi.fn<(record: JobRecord) => void>();
    const retry = { maxAttempts: dies ? 2 : 1 };
    const { receiver, of } = boot({ store, onSucceeded: vi.fn(), onDead, retry });
    await receiver.tick();
    const error = `${code}: ${message}`;
    expect(of("dead")).toMatchObject([{ reason: "attempts_exhausted", error: { code, message } }]);
    expect(onDead.mock.calls[0]?.[0]).toMatchObject({ error });
    const { records } = await receiver.list({ state: "dead" });
    expect(records).toMatchObject([{ jobId: "a", error }]);
  });

  it("but is dead without it when the store cannot read the row", async () => {
    const store = await storeAfterFailure();
    const get = vi.spyOn(store, "get").mockRejectedValue(new Error("The store is down."));
    const onDead = vi.fn<(record: JobRecord) => void>();
    const { receiver, of } = boot({ store, onDead, retry: { maxAttempts: 1 } });
    await receiver.tick();
    expect(of("dead")).toMatchObject([{ jobId: "a", reason: "attempts_exhausted" }]);
    expect(of("dead")[0]).not.toHaveProperty("error");
    expect(onDead.mock.calls[0]?.[0]).toMatchObject({ error: "attempts_exhausted" });
    get.mockRestore();
    expect(await store.get("a")).toMatchObject({ state: "dead", error: "attempts_exhausted" });
  });
});

it("warns when a run fails in the receiver itself, and runs the job again after its lease", async () => {
  const onSucceeded = vi.fn().mockRejectedValueOnce(new Error("no"));
  const limits = { concurrency: 1, leaseMs: 1_000 };
  const { receiver, of, warnings } = boot({ onSucceeded, limits });
  vi.spyOn(Math, "random").mockImplementationOnce(() => {
    throw new Error("no entropy");
  });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  expect(warnings()).toEqual(["internal"]);
  expect(of("warning")).toMatchObject([
    {
      jobId: "a",
      error: {
        message:
          "A run failed in the receiver itself (Error: no entropy). Its lease runs out and the job is run again.",
      },
    },
  ]);
  // Its slot is free.
  await deliver(receiver, succeeded("b"));
  await pass(1);
  expect(of("done")).toMatchObject([{ jobId: "b" }]);
  await pass(1_100);
  expect(of("done")[1]).toMatchObject({ jobId: "a", attempt: 2 });
  vi.restoreAllMocks();
});
