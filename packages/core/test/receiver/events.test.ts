import { expect, it } from "vitest";
import { memoryStore, type ReceiverEvent } from "../../src/index.ts";
import { boot, deliver, failed, pass, post, succeeded, useFakeTime } from "./support.ts";

useFakeTime();
const wait = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

/** A store that needs 20 ms for each write, so that there is a time to measure. */
function slowStore() {
  const store = memoryStore();
  return {
    ...store,
    ingest: async (...args: Parameters<typeof store.ingest>) => (
      await wait(20),
      store.ingest(...args)
    ),
  };
}

async function deliverSlowly(receiver: ReturnType<typeof boot>["receiver"], payload: object) {
  await Promise.all([deliver(receiver, payload), pass(20)]);
  await pass(100);
}

it("the events of a job come in order, with their times", async () => {
  const bornAtMs = Date.now();
  let failing = true;
  const { receiver, events } = boot({
    store: slowStore(),
    retry: { minDelayMs: 1_000, maxDelayMs: 1_000 },
    async onSucceeded() {
      await wait(30);
      if (failing) throw new Error("not yet");
    },
  });
  await deliverSlowly(receiver, succeeded("a"));
  failing = false;
  await pass(1_100);
  await deliverSlowly(receiver, succeeded("a"));
  await deliverSlowly(receiver, failed("a"));

  const by = { jobId: "a", source: "webhook", status: 200, ackMs: 20 };
  expect(events).toMatchObject([
    { type: "stored", atMs: bornAtMs + 20, ...by },
    { type: "attempt", jobId: "a", attempt: 1 },
    {
      type: "retry",
      jobId: "a",
      attempt: 1,
      handlerMs: 30,
      delayMs: expect.any(Number),
      error: { message: "not yet" },
    },
    { type: "attempt", jobId: "a", attempt: 2 },
    { type: "done", jobId: "a", attempt: 2, handlerMs: 30 },
    { type: "duplicate", state: "done", ...by },
    { type: "conflict", state: "done", reason: "result", ...by },
  ]);
});

it("a result that waits for a slot has the same events", async () => {
  const { receiver, events } = boot({ limits: { concurrency: 1 }, onSucceeded: () => wait(30) });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  await deliver(receiver, succeeded("b"));
  await pass(100);
  expect(events.filter((event) => "jobId" in event && event.jobId === "b")).toMatchObject([
    { type: "stored", source: "webhook", status: 200 },
    { type: "attempt", attempt: 1 },
    { type: "done", attempt: 1 },
  ]);
});

it("a conflict's event has the first 64 000 characters of the payload, which a log leaves out", async () => {
  const { receiver, of } = boot();
  await deliver(receiver, succeeded("a"));
  const other = { ...failed("a"), error: { code: "X", message: "m".repeat(70_000) } };
  await deliver(receiver, other);
  const [conflict] = of("conflict");
  expect(conflict?.payload).toBe(JSON.stringify(other).slice(0, 64_000));
  expect(Object.keys(conflict ?? {})).not.toContain("payload");
});

it("the dead event has the duration of the last attempt", async () => {
  const onSucceeded = () => wait(30).then(() => Promise.reject(new Error("no")));
  const { receiver, of } = boot({ onSucceeded, retry: { maxAttempts: 1 } });
  await deliver(receiver, succeeded("a"));
  await pass(100);
  expect(of("dead")).toMatchObject([{ attempt: 1, handlerMs: 30, reason: "attempts_exhausted" }]);
});

it("the event of a refused request has its duration and its reason", async () => {
  const { receiver, of } = boot();
  const body = async () => (await wait(15), { parsed: "nothing" });
  await Promise.all([receiver.handle(post(0, { body })), pass(15)]);
  expect(of("refused")).toMatchObject([
    {
      status: 400,
      reason: "malformed",
      ackMs: 15,
      error: { code: "malformed", message: expect.stringContaining("not a JSON object") },
    },
  ]);
});

it("a given clock measures both times", async () => {
  let nowMs = 5_000;
  const seen: ReceiverEvent[] = [];
  const { receiver } = boot({
    clock: () => nowMs,
    onSucceeded: () => void (nowMs += 7),
    onEvent: (event) => void seen.push(event),
  });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  expect(seen).toMatchObject([
    { type: "stored", atMs: 5_000, ackMs: 0 },
    { type: "attempt" },
    { type: "done", atMs: 5_007, handlerMs: 7 },
  ]);
});
