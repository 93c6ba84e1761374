import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type JobStore, memoryStore } from "../../src/index.ts";
import { apiError, fakeApi, pending } from "./fake-api.ts";
import {
  boot,
  defer,
  deliver,
  drained,
  durableStore,
  failed,
  forEver,
  pass,
  succeeded,
  useFakeTime,
} from "./support.ts";

useFakeTime();
// No jitter, so that times are whole.
beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0));
afterEach(() => void vi.restoreAllMocks());

const MINUTE = 60_000;

describe("a job whose webhook does not come", () => {
  it("is polled after a minute, and its result is handled at once", async () => {
    const { client, asked } = fakeApi({ a: succeeded("a") });
    const onSucceeded = vi.fn();
    const { receiver, of } = boot({ client, onSucceeded });
    await receiver.expect("a");
    await pass(MINUTE - 1);
    expect(asked()).toEqual([]);
    await pass(1);
    expect(asked()).toEqual(["a"]);
    expect(onSucceeded).toHaveBeenCalledExactlyOnceWith(
      succeeded("a"),
      expect.objectContaining({ source: "poll", attempt: 1 }),
    );
    expect(of("poll")).toMatchObject([{ jobId: "a", attempt: 1, reason: "arrived" }]);
    expect(of("stored")).toMatchObject([{ jobId: "a", source: "poll" }]);
    await pass(86_400_000);
    expect(asked()).toHaveLength(1);
  });

  it("is polled, and a failed result is handled too", async () => {
    const { client } = fakeApi({ a: failed("a") });
    const onFailed = vi.fn();
    const { receiver } = boot({ client, onFailed, poll: { afterMs: 10 } });
    await receiver.expect("a");
    await pass(10);
    expect(onFailed).toHaveBeenCalledTimes(1);
  });

  it.each([
    ["still runs", pending("a"), "pending"],
    ["is not known yet", undefined, "unknown"],
    ["has an unknown status", { job_id: "a", status: "paused" }, "unrecognized"],
    ["is answered with another job's result", succeeded("b"), "unrecognized"],
    ["is answered with something else", "<html>", "unrecognized"],
  ])("is polled again, less and less often, while it %s", async (_name, body, reason) => {
    const { client, asked, bodies } = fakeApi({ a: body });
    const store = memoryStore();
    const { receiver, of } = boot({ client, store });
    await receiver.expect("a");
    const gaps = [60, 30, 60, 120, 240, 480, 600, 600].map((seconds) => seconds * 1_000);
    for (const [index, gapMs] of gaps.entries()) {
      await pass(gapMs - 1);
      expect(asked()).toHaveLength(index);
      await pass(1);
      expect(asked()).toHaveLength(index + 1);
    }
    expect(of("poll").map((event) => [event.attempt, event.reason, event.delayMs])).toEqual(
      [30, 60, 120, 240, 480, 600, 600, 600].map((s, index) => [index + 1, reason, s * 1_000]),
    );
    expect(await store.get("a")).toMatchObject({ state: "expected" });
    expect(await store.get("b")).toBeUndefined();

    bodies["a"] = succeeded("a");
    await pass(600_000);
    expect(of("done")).toMatchObject([{ jobId: "a" }]);
  });

  it("is polled a little earlier, at random, so that jobs submitted together are not polled together", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    const { client, asked } = fakeApi({ a: pending("a") });
    const { receiver } = boot({ client });
    await receiver.expect("a");
    await pass(MINUTE + 22_499);
    expect(asked()).toHaveLength(1);
    await pass(1);
    expect(asked()).toHaveLength(2);
  });

  it("is polled at the configured interval, also when that is longer than ten minutes", async () => {
    const { client, asked } = fakeApi({ a: pending("a") });
    const { receiver } = boot({ client, poll: { afterMs: 1, everyMs: 3_600_000 } });
    await receiver.expect("a");
    await pass(3_600_000);
    expect(asked()).toHaveLength(1);
    await pass(3_600_000);
    expect(asked()).toHaveLength(2);
  });
});

describe("a job whose webhook comes", () => {
  it("is not polled", async () => {
    const { client, asked } = fakeApi({ a: succeeded("a") });
    const { receiver, of } = boot({ client });
    await receiver.expect("a");
    await deliver(receiver, succeeded("a"));
    await pass(86_400_000);
    expect(asked()).toEqual([]);
    expect(of("done")).toHaveLength(1);
  });

  it("is handled once when the webhook comes during the poll: the second result is a duplicate", async () => {
    const gate = defer();
    const { client } = fakeApi({ a: () => gate.promise.then(() => succeeded("a")) });
    const onSucceeded = vi.fn();
    const { receiver, of } = boot({ client, onSucceeded });
    await receiver.expect("a");
    await pass(MINUTE);
    await deliver(receiver, succeeded("a"));
    gate.resolve();
    await pass(1);
    expect(onSucceeded).toHaveBeenCalledTimes(1);
    expect(of("duplicate")).toMatchObject([{ jobId: "a", source: "poll" }]);
  });

  it("is not polled again when the webhook comes during a poll that finds nothing", async () => {
    const gate = defer();
    const { client, asked } = fakeApi({ a: () => gate.promise.then(() => pending("a")) });
    const { receiver, of } = boot({ client });
    await receiver.expect("a");
    await pass(MINUTE);
    await deliver(receiver, succeeded("a"));
    gate.resolve();
    await pass(86_400_000);
    expect(asked()).toHaveLength(1);
    expect(of("done")).toHaveLength(1);
    expect(of("dead")).toEqual([]);
  });
});

describe("while every slot is taken", () => {
  it("polls continue, and the results that they find are stored", async () => {
    const { client } = fakeApi({ a: succeeded("a"), b: succeeded("b") });
    const store = memoryStore();
    const { receiver } = boot({
      client,
      store,
      onSucceeded: forEver,
      limits: { concurrency: 1, handlerTimeoutMs: 3_600_000 },
    });
    await deliver(receiver, succeeded("hangs"));
    await receiver.expect("a");
    await pass(1_000);
    await receiver.expect("b");
    await pass(2 * MINUTE);
    expect(await store.get("a")).toMatchObject({ state: "pending" });
    expect(await store.get("b")).toMatchObject({ state: "pending" });
  });
});

describe("giving up a job", () => {
  const DAY = 86_400_000;

  it("makes a dead letter of a job that is never delivered, and its result is still accepted", async () => {
    const { client } = fakeApi();
    const store = memoryStore();
    const onDead = vi.fn();
    const { receiver, of } = boot({ client, store, onDead });
    await receiver.expect("a");
    await pass(DAY - 1);
    expect(of("dead")).toEqual([]);
    await pass(600_000);
    expect(of("dead")).toMatchObject([{ jobId: "a", attempt: 0, reason: "never_delivered" }]);
    expect(onDead).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({
        jobId: "a",
        state: "dead",
        attempts: 0,
        conflicts: 0,
        error: "never_delivered",
      }),
    );
    await deliver(receiver, succeeded("a"));
    await pass(1);
    expect(of("done")).toMatchObject([{ jobId: "a" }]);
  });

  it("never follows an outage of the API, and does follow a refusal of that very job", async () => {
    const { client, bodies } = fakeApi();
    const statuses = [undefined, 401, 403, 408, 429, 500, 503];
    for (const [index, status] of statuses.entries()) {
      bodies[`api-${index}`] = () => {
        throw apiError("no", status === undefined ? {} : { status });
      };
    }
    bodies["gone"] = () => {
      throw apiError("gone", { status: 410 });
    };
    const { receiver, of } = boot({ client, poll: { afterMs: 1, giveUpAfterMs: 2 } });
    for (const jobId of Object.keys(bodies)) await receiver.expect(jobId);
    await pass(DAY);
    expect(of("dead").map((event) => event.jobId)).toEqual(["gone"]);
    for (const jobId of Object.keys(bodies)) bodies[jobId] = succeeded(jobId);
    await pass(600_000);
    expect(of("done")).toHaveLength(statuses.length);
  });

  it("begins anew for a redriven job", async () => {
    const { client, bodies } = fakeApi();
    const { receiver, of } = boot({ client, poll: { afterMs: 1, giveUpAfterMs: 2 } });
    await receiver.expect("a");
    await pass(MINUTE);
    expect(of("dead")).toHaveLength(1);
    bodies["a"] = succeeded("a");
    expect(await receiver.redrive("a")).toBe(true);
    await pass(1);
    expect(of("done")).toHaveLength(1);
  });

  it("does not happen when the webhook comes during the last poll", async () => {
    const gate = defer();
    const { client } = fakeApi({ a: () => gate.promise });
    const onDead = vi.fn();
    const { receiver, of } = boot({ client, onDead, poll: { afterMs: 2, giveUpAfterMs: 1 } });
    await receiver.expect("a");
    await pass(2);
    await deliver(receiver, succeeded("a"));
    gate.resolve();
    await pass(1);
    expect(of("done")).toHaveLength(1);
    expect([of("dead"), onDead.mock.calls]).toEqual([[], []]);
  });
});

describe("while the API fails", () => {
  it("one warning is emitted, each poll is an event, and polls continue when the API answers", async () => {
    const { client, bodies } = fakeApi({
      a: () => {
        throw apiError("connect to https://api.test/?key=secret failed");
      },
    });
    const { receiver, of, warnings, events } = boot({ client });
    await receiver.expect("a");
    await pass(MINUTE + 30_000 + 60_000);
    expect(of("poll").map((event) => event.reason)).toEqual(["failed", "failed", "failed"]);
    expect(of("poll")[0]?.error?.code).toBe("Error");
    expect(warnings()).toEqual(["api_unavailable"]);
    const message = expect.stringMatching(
      /can be asked for them. Error: connect to \[url\] failed$/,
    );
    expect(of("warning")).toMatchObject([{ error: { message } }]);
    expect(JSON.stringify(events)).not.toContain("secret");
    bodies["a"] = succeeded("a");
    await pass(120_000);
    expect(of("done")).toHaveLength(1);
  });

  it.each([
    [900_000.25, 900_001],
    [1e300, 86_400_000],
  ])(
    "the next poll waits whole milliseconds and at most a day when Retry-After is %s",
    async (asked, delayMs) => {
      const { client } = fakeApi({
        a: () => {
          throw Object.assign(new Error("busy"), { retryAfterMs: asked });
        },
      });
      const { receiver, of } = boot({ client });
      await receiver.expect("a");
      await pass(MINUTE);
      expect(of("poll")).toMatchObject([{ delayMs }]);
    },
  );

  it("one refused job is no outage when the API answers for the others", async () => {
    const { client } = fakeApi({
      gone: () => {
        throw apiError("gone", { status: 410 });
      },
      runs: pending("runs"),
    });
    const { receiver, of, warnings } = boot({ client });
    await receiver.expect("gone");
    await receiver.expect("runs");
    await pass(3_600_000);
    expect(of("poll").length).toBeGreaterThan(10);
    expect(warnings()).toEqual([]);
  });

  it("no job is polled for as long as Retry-After says", async () => {
    const { client, asked, bodies } = fakeApi({
      a: () => {
        throw apiError("too many requests", { status: 429, retryAfterMs: 900_000 });
      },
      b: succeeded("b"),
    });
    const { receiver, of } = boot({ client });
    await receiver.expect("a");
    await pass(1_000);
    await receiver.expect("b");
    await pass(MINUTE + 840_000 - 2_000);
    expect(asked()).toEqual(["a"]);
    expect(await receiver.tick()).toMatchObject({ polled: 0, nextDueInMs: 1_000 });
    bodies["a"] = succeeded("a");
    await pass(2_000);
    await pass(MINUTE);
    expect(of("done")).toHaveLength(2);
  });

  it.each([Number.NaN, -5, Infinity, "5"])("a Retry-After of %s is ignored", async (ms) => {
    const { client } = fakeApi({
      a: () => {
        throw Object.assign(new Error("no"), { retryAfterMs: ms });
      },
    });
    const { receiver, of } = boot({ client });
    await receiver.expect("a");
    await pass(MINUTE);
    expect(of("poll")).toMatchObject([{ delayMs: 30_000 }]);
  });

  it("a poll that does not end is given up before its lease ends", async () => {
    const { client, getJob } = fakeApi({ a: forEver });
    const { receiver, of } = boot({ client, limits: { leaseMs: 5_000 } });
    await receiver.expect("a");
    await pass(MINUTE);
    expect(getJob.mock.calls[0]?.[1]?.signal?.aborted).toBe(false);
    await pass(5_000);
    expect(getJob.mock.calls[0]?.[1]?.signal?.aborted).toBe(true);
    const message = "The provider did not answer within 5000 ms (limits.leaseMs).";
    expect(of("poll")).toMatchObject([
      { reason: "failed", error: { code: "TimeoutError", message } },
    ]);
    await receiver.idle();
  });

  it("the signal of a poll that has ended is not aborted later", async () => {
    const { client, getJob } = fakeApi({ a: pending("a") });
    const { receiver, of } = boot({ client, limits: { leaseMs: 5_000 } });
    await receiver.expect("a");
    await pass(MINUTE + 5_000);
    await drained(receiver, 100);
    expect(getJob.mock.calls.map(([, o]) => o?.signal?.aborted)).toEqual([false]);
    expect(of("poll")[0]).not.toHaveProperty("error");
  });
});

describe("many polls at once", () => {
  it("run ten at a time, until no job is due", async () => {
    const { client, bodies, getJob } = fakeApi();
    let running = 0;
    let most = 0;
    getJob.mockImplementation(async (jobId) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => void setTimeout(resolve, 10));
      running -= 1;
      return bodies[jobId];
    });
    const { receiver, of } = boot({ client });
    const ids = Array.from({ length: 200 }, (_, index) => `job-${index}`);
    for (const id of ids) bodies[id] = succeeded(id);
    await Promise.all(ids.map((id) => receiver.expect(id)));
    await pass(MINUTE + 500);
    expect(most).toBe(10);
    expect(of("done")).toHaveLength(200);
  });

  it("have all their slots again after the store failed to claim", async () => {
    const store = memoryStore();
    const claimPolls = vi.fn(store.claimPolls).mockRejectedValueOnce(new Error("down"));
    const { client, asked } = fakeApi();
    const { receiver } = boot({ client, store: Object.assign(store, { claimPolls }) });
    for (let index = 0; index < 10; index += 1) await receiver.expect(`job-${index}`);
    await pass(MINUTE - 1);
    expect(asked()).toEqual([]);
    await pass(MINUTE);
    expect(new Set(asked())).toHaveProperty("size", 10);
    expect(claimPolls.mock.calls[1]?.[0]).toEqual({ limit: 10, leaseMs: 60_000 });
  });

  it("run while a callback hangs, and callbacks run while a poll hangs", async () => {
    const { client } = fakeApi({ hangs: forEver, a: succeeded("a"), b: succeeded("b") });
    const { receiver, of } = boot({
      client,
      onSucceeded: ({ job_id }) => (job_id === "a" ? forEver() : undefined),
    });
    for (const id of ["hangs", "a", "b"]) await receiver.expect(id);
    await pass(MINUTE + 1_000);
    expect(
      of("attempt")
        .map((event) => event.jobId)
        .sort(),
    ).toEqual(["a", "b"]);
    await receiver.ingest(succeeded("c"));
    await pass(1);
    expect(of("done").map((event) => event.jobId)).toEqual(["b", "c"]);
  });

  it("keep the results that they find while every slot is taken, for the next free slot", async () => {
    const gate = defer();
    const store = memoryStore();
    const { client } = fakeApi({ a: succeeded("a"), b: succeeded("b") });
    const { receiver, of } = boot({
      client,
      store,
      limits: { concurrency: 1 },
      onSucceeded: () => gate.promise,
    });
    for (const id of ["a", "b"]) await receiver.expect(id);
    await pass(MINUTE);
    expect(await store.get("b")).toMatchObject({ state: "pending", source: "poll" });
    gate.resolve();
    await pass(1);
    expect(of("done")).toHaveLength(2);
  });
});

describe("polls are made", () => {
  it("by a started receiver, also for jobs that others expect", async () => {
    const store = memoryStore();
    const { client } = fakeApi({ a: succeeded("a") });
    const { receiver, of } = boot({ client, store });
    receiver.start();
    await pass(1_000);
    await store.expect("a", { pollAfterMs: 5_000, giveUpAfterMs: MINUTE });
    await pass(30_000);
    expect(of("done")).toHaveLength(1);
  });

  it("by tick, which waits for the callbacks and counts the polls", async () => {
    const store = memoryStore();
    const { client, bodies } = fakeApi();
    for (let index = 0; index < 25; index++) {
      bodies[`job-${index}`] = index === 0 ? pending("job-0") : succeeded(`job-${index}`);
      await store.expect(`job-${index}`, { pollAfterMs: 1, giveUpAfterMs: MINUTE });
    }
    const gate = defer();
    const { receiver, of } = boot({ client, store, onSucceeded: () => gate.promise });
    await pass(1);
    let report: unknown;
    void receiver.tick().then((ticked) => (report = ticked));
    await pass(100);
    expect(report).toBeUndefined();
    gate.resolve();
    await pass(100);
    expect(report).toEqual({ claimed: 0, polled: 25, pruned: 0, nextDueInMs: expect.any(Number) });
    expect(of("done")).toHaveLength(24);
  });

  it("by idle, which waits for polls that are due", async () => {
    const store = memoryStore();
    await store.expect("a", { pollAfterMs: 1, giveUpAfterMs: MINUTE });
    const { client } = fakeApi({ a: succeeded("a") });
    const { receiver, of } = boot({ client, store });
    await pass(1);
    await receiver.idle();
    expect(of("done")).toHaveLength(1);
  });

  it("by no receiver without a client: it warns once, and does not ask the store every second", async () => {
    const inner = memoryStore();
    const claim = vi.fn(inner.claim);
    const { receiver, warnings } = boot({ store: { ...inner, claim } });
    receiver.start();
    for (const id of ["a", "b"]) await receiver.expect(id);
    await pass(3_600_000);
    expect(warnings()).toEqual(["no_client"]);
    expect(claim.mock.calls.length).toBeLessThan(2 * 120 + 20);
  });

  it("by no receiver whose store has no expected jobs", async () => {
    const { claimPolls: _, ...rest } = memoryStore();
    const store: JobStore = rest;
    const { client } = fakeApi();
    const { receiver } = boot({ client, store });
    expect(await receiver.tick()).toMatchObject({ polled: 0 });
    const calls = { expect: () => receiver.expect("a"), submit: () => receiver.submit("m", {}) };
    for (const [name, call] of Object.entries(calls)) {
      const message = expect.stringContaining(`\`${name}\``);
      await expect(call()).rejects.toMatchObject({ code: "unsupported", message });
    }
  });

  it("at the next due time, where the host lost the timer of the one before", async () => {
    const { client, asked } = fakeApi({ a: pending("a"), b: pending("b") });
    const { receiver } = boot({ client });
    await receiver.expect("a");
    vi.clearAllTimers();
    await pass(2 * MINUTE);
    expect(asked()).toEqual([]);
    await receiver.expect("b");
    await pass(1);
    expect(asked()).toEqual(["a"]);
  });
});

describe("when the store", () => {
  it("fails to record a poll, a warning is emitted and the poll is repeated after its lease", async () => {
    const inner = durableStore();
    const settlePoll = vi.fn(inner.settlePoll).mockRejectedValueOnce(new Error("down"));
    const { client, bodies } = fakeApi({ a: pending("a") });
    const { receiver, warnings, of } = boot({
      client,
      store: Object.assign(inner, { settlePoll }),
    });
    receiver.start();
    await receiver.expect("a");
    await pass(MINUTE);
    expect(warnings()).toEqual(["store_unavailable"]);
    const message = expect.stringMatching(
      /poll for job a is not recorded \(.*down.*\)\. It is polled/,
    );
    expect(of("warning")).toMatchObject([{ jobId: "a", error: { message } }]);
    bodies["a"] = succeeded("a");
    await pass(MINUTE);
    expect(of("done")).toHaveLength(1);
  });

  it("fails to write a result, the job is polled again", async () => {
    const inner = memoryStore();
    const ingest = vi.fn(inner.ingest).mockRejectedValueOnce(new Error("down"));
    const { client } = fakeApi({ a: succeeded("a") });
    const { receiver, warnings, of } = boot({ client, store: { ...inner, ingest } });
    await receiver.expect("a");
    await pass(MINUTE);
    expect(warnings()).toEqual(["store_unavailable"]);
    await pass(MINUTE);
    expect(of("done")).toMatchObject([{ jobId: "a", attempt: 1 }]);
  });

  it.each([
    ["recorded", true, ["never_delivered"], []],
    ["not recorded", false, [], ["store_unavailable"]],
  ])(
    "fails at the last poll, reports the job as dead if its end is %s",
    async (_name, isRecorded, reasons, codes) => {
      const store = memoryStore();
      const { client } = fakeApi();
      const onDead = vi.fn();
      const settlePoll: typeof store.settlePoll = async (poll, o) => {
        if (isRecorded) await store.settlePoll(poll, o);
        throw new Error("connection reset");
      };
      const failing = { ...store, settlePoll };
      const { receiver, of, warnings } = boot({
        client,
        onDead,
        store: failing,
        poll: { afterMs: 1, giveUpAfterMs: 1 },
      });
      await receiver.expect("a");
      await pass(1_000);
      expect(of("dead").map(({ reason }) => reason)).toEqual(reasons);
      expect(onDead).toHaveBeenCalledTimes(reasons.length);
      expect(warnings()).toEqual(codes);
    },
  );

  it("gets a polled result, it gets the row's binding with it", async () => {
    const store = memoryStore();
    const ingest = vi.fn(store.ingest);
    const { client } = fakeApi({ a: succeeded("a") });
    const refs: unknown[] = [];
    const { receiver } = boot({
      client,
      store: { ...store, ingest },
      onSucceeded: (_, ctx) => void refs.push(ctx.ref),
    });
    await receiver.expect("a", { ref: "order 7" });
    await pass(MINUTE);
    expect(ingest.mock.calls[0]?.[0]).toMatchObject({ source: "poll", binding: ".b3JkZXIgNw" });
    expect(refs).toEqual(["order 7"]);
  });
});

describe("a drain", () => {
  it("aborts polls, releases them, and starts none", async () => {
    const store = durableStore();
    const { client, getJob } = fakeApi({ a: forEver, b: succeeded("b") });
    const { receiver, of, warnings } = boot({ client, store });
    receiver.start();
    await receiver.expect("a");
    await pass(MINUTE);
    await receiver.expect("b");
    expect(await drained(receiver, 10_000)).toEqual({ settled: 0, released: 0, lost: 0 });
    expect(getJob.mock.calls[0]?.[1]?.signal?.reason).toMatchObject({
      name: "AbortError",
      message: "The receiver is draining.",
    });
    expect(await store.get("a")).toMatchObject({ state: "expected", dueInMs: -10 });
    await pass(3_600_000);
    expect(getJob).toHaveBeenCalledTimes(1);
    expect([of("poll"), warnings()]).toEqual([[], []]);
  });

  it("begins no poll that it was granted after its start, and releases it", async () => {
    const store = durableStore();
    const slow: typeof store = {
      ...store,
      async claimPolls(o) {
        const leases = await store.claimPolls(o);
        await new Promise<void>((resolve) => void setTimeout(resolve, 50));
        return leases;
      },
    };
    const { client, getJob } = fakeApi({ a: forEver });
    const { receiver } = boot({ client, store: slow });
    await receiver.expect("a");
    await pass(MINUTE + 10);
    await drained(receiver, 500);
    expect(getJob).not.toHaveBeenCalled();
    expect((await store.get("a"))?.dueInMs).toBeLessThanOrEqual(0);
  });
});
