import { describe, expect, it, vi } from "vitest";
import { type Auth, type Confirmation, type JobClient, memoryStore } from "../../src/index.ts";
import { boot, deliver, failed, pass, stored, succeeded, useFakeTime } from "./support.ts";

useFakeTime();
const retry = { maxAttempts: 5, minDelayMs: 1_000, maxDelayMs: 1_000 };
const truth = succeeded("a", "https://cdn.test/true.png");
const forged = succeeded("a", "https://evil.test/forged.png");

/** A receiver whose auth confirms by these answers in turn, and by the last of them for ever. */
function confirming(answers: (() => unknown)[], options: Parameters<typeof boot>[0] = {}) {
  const store = memoryStore();
  const onSucceeded = vi.fn();
  const confirm = vi.fn<NonNullable<Auth["confirm"]>>(async () => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    return answer?.() as Confirmation;
  });
  return {
    ...boot({ auth: { confirm }, store, onSucceeded, retry, ...options }),
    store,
    onSucceeded,
    confirm,
  };
}
const unknown = () => ({ kind: "unknown" });

it("the callback gets the confirmed result instead of the delivered one, and the store keeps it", async () => {
  const { receiver, onSucceeded, store, confirm } = confirming([
    () => ({ kind: "confirmed", result: truth }),
  ]);
  expect((await deliver(receiver, forged)).status).toBe(200);
  expect(confirm).not.toHaveBeenCalled();
  await pass(1);
  expect(onSucceeded.mock.calls).toEqual([[truth, expect.objectContaining({ jobId: "a" })]]);
  expect(await store.get("a")).toMatchObject({ state: "done", payload: JSON.stringify(truth) });
  expect(await deliver(receiver, truth)).toMatchObject({
    body: '{"received":true,"duplicate":true}',
  });
  expect(await deliver(receiver, forged)).toMatchObject({
    body: '{"received":true,"conflict":true}',
  });
});

it("the confirmed result decides which callback runs", async () => {
  const onFailed = vi.fn();
  const answer = () => ({ kind: "confirmed", result: failed("a") });
  const { receiver, onSucceeded } = confirming([answer], { onFailed });
  await deliver(receiver, forged);
  await pass(1);
  expect(onSucceeded).not.toHaveBeenCalled();
  expect(onFailed).toHaveBeenCalledTimes(1);
});

it("the same parts are removed from a confirmed result as from a delivered one", async () => {
  const sly = succeeded("a", "javascript:alert(1)");
  const { receiver, onSucceeded } = confirming([() => ({ kind: "confirmed", result: sly })]);
  await deliver(receiver, forged);
  await pass(1);
  expect(onSucceeded.mock.calls[0]?.[0].output.items).toEqual([{ type: "image" }]);
});

it("confirm gets the result, the attempt, the client, and whether the job was expected", async () => {
  const client = { getJob: async () => undefined } as unknown as JobClient;
  const { receiver, confirm, store } = confirming([unknown], { client });
  await store.expect("a", { pollAfterMs: 1e6, giveUpAfterMs: 1e6 });
  await deliver(receiver, forged);
  await deliver(receiver, succeeded("b"));
  await pass(1);
  const signal = expect.any(AbortSignal);
  expect(confirm.mock.calls).toEqual([
    [forged, { signal, client, attempt: 1, expected: true }],
    [succeeded("b"), { signal, client, attempt: 1, expected: false }],
  ]);
});

describe("the job is tried again and the callback does not run", () => {
  it.each<[name: string, answer: () => unknown]>([
    ["while the provider's job is running", () => ({ kind: "running" })],
    ["when the job is not known yet", unknown],
    [
      "when confirm fails",
      () => {
        throw new Error("502");
      },
    ],
    ["when the answer is another job's", () => ({ kind: "confirmed", result: succeeded("b") })],
    [
      "when the answer is no result",
      () => ({ kind: "confirmed", result: { job_id: "a", status: "odd" } }),
    ],
    ["when the answer is missing", () => undefined],
    ["when the answer is of no known kind", () => ({ kind: "Confirmed", result: truth })],
  ])("%s", async (_name, answer) => {
    const { receiver, onSucceeded, of, store } = confirming([answer]);
    await deliver(receiver, forged);
    await pass(1);
    expect(of("retry")).toMatchObject([{ jobId: "a", attempt: 1 }]);
    expect(await store.get("a")).toMatchObject({ state: "pending" });
    expect(onSucceeded).not.toHaveBeenCalled();
  });
});

it("a job that was unknown three times is dead, and a true result can then be stored", async () => {
  const { receiver, onSucceeded, of, store } = confirming([
    unknown,
    unknown,
    unknown,
    () => ({ kind: "confirmed", result: truth }),
  ]);
  await deliver(receiver, forged);
  await pass(900);
  expect(of("dead")).toEqual([]);
  await pass(10_000);
  expect(of("dead")).toMatchObject([{ jobId: "a", attempt: 3, reason: "unknown_job" }]);
  expect(await store.get("a")).toMatchObject({ state: "dead", error: "unknown_job" });

  expect(await deliver(receiver, truth)).toMatchObject({ body: '{"received":true}' });
  await pass(1);
  expect(onSucceeded.mock.calls).toEqual([[truth, expect.anything()]]);
});

it("an unknown job is dead after its last attempt where fewer than three are allowed", async () => {
  const { receiver, of } = confirming([unknown], { retry: { ...retry, maxAttempts: 2 } });
  await deliver(receiver, forged);
  await pass(10_000);
  expect(of("dead")).toMatchObject([{ attempt: 2, reason: "unknown_job" }]);
  expect(await deliver(receiver, truth)).toMatchObject({ body: '{"received":true}' });
});

it("an expected job is not dead for being unknown: it has as many attempts as any other", async () => {
  const { receiver, of, store } = confirming([unknown]);
  await store.expect("a", { pollAfterMs: 1e9, giveUpAfterMs: 1e9 });
  await deliver(receiver, forged);
  await pass(60_000);
  expect(of("retry")).toHaveLength(4);
  expect(of("dead")).toMatchObject([
    { attempt: 5, reason: "attempts_exhausted", error: { code: "unknown_job" } },
  ]);
  expect(await deliver(receiver, truth)).toMatchObject({
    body: '{"received":true,"conflict":true}',
  });
});

it("each auth gets the result that the auth before it confirmed", async () => {
  const second = vi.fn(async (result: unknown) => ({ kind: "confirmed", result }) as Confirmation);
  const auth = [
    { confirm: async () => ({ kind: "confirmed" as const, result: truth }) },
    { confirm: second },
  ];
  const { receiver, onSucceeded } = confirming([], { auth });
  await deliver(receiver, forged);
  await pass(1);
  expect(second.mock.calls).toEqual([[truth, expect.anything()]]);
  expect(onSucceeded.mock.calls).toEqual([[truth, expect.anything()]]);
});

it("the callback does not start when the timeout came during the confirmation", async () => {
  let answer = (_: unknown): void => undefined;
  const slow = () => new Promise((resolve) => void (answer = resolve));
  const { receiver, onSucceeded, of } = confirming([slow], { limits: { handlerTimeoutMs: 500 } });
  await deliver(receiver, forged);
  await pass(501);
  const message = "The result was not confirmed within 500 ms (limits.handlerTimeoutMs).";
  expect(of("retry")).toMatchObject([{ error: { code: "confirm_timeout", message } }]);
  answer({ kind: "confirmed", result: truth });
  await pass(1);
  expect(onSucceeded).not.toHaveBeenCalled();
});

it("a confirmation that hangs counts no attempt, however often it is aborted", async () => {
  const { receiver, confirm, onSucceeded, of } = confirming([() => new Promise(() => undefined)], {
    limits: { handlerTimeoutMs: 500 },
  });
  await deliver(receiver, forged);
  await pass(60_000);
  expect(confirm.mock.calls.length).toBeGreaterThan(retry.maxAttempts);
  expect(of("dead")).toEqual([]);
  confirm.mockResolvedValue({ kind: "confirmed", result: truth });
  await pass(10_000);
  expect(onSucceeded.mock.calls).toEqual([[truth, expect.objectContaining({ attempt: 1 })]]);
});

it("a callback that hangs after the confirmation counts an attempt", async () => {
  const { receiver, of } = confirming([() => ({ kind: "confirmed", result: truth })], {
    limits: { handlerTimeoutMs: 500 },
    retry: { ...retry, maxAttempts: 1 },
    onSucceeded: () => new Promise(() => undefined),
  });
  await deliver(receiver, forged);
  await pass(501);
  expect(of("dead")).toMatchObject([{ error: { code: "handler_timeout" } }]);
});

it.each([
  ["fails", true, () => Promise.reject(new Error("502"))],
  ["does not answer", true, () => new Promise(() => undefined)],
  ["answers that the job still runs", false, () => ({ kind: "running" })],
])("when confirm %s, a warning names an outage: %s", async (_name, isOutage, answer) => {
  const { receiver, warnings, of } = confirming([answer], { limits: { handlerTimeoutMs: 500 } });
  await deliver(receiver, forged);
  await pass(501);
  expect(of("retry")).toHaveLength(1);
  expect(warnings().includes("api_unavailable")).toBe(isOutage);
});

it.each<[string, unknown]>([
  ["that the job still runs", { kind: "running" }],
  ["that it does not know the job", { kind: "unknown" }],
  ["with the result", { kind: "confirmed", result: truth }],
])("an answer %s ends an outage, so that the next one emits a warning", async (_, answer) => {
  const down = () => Promise.reject(new Error("502"));
  const onSucceeded = () => Promise.reject(new Error("no"));
  const { receiver, warnings, of } = confirming([down, down, () => answer, down], { onSucceeded });
  vi.spyOn(Math, "random").mockReturnValue(0);
  await deliver(receiver, forged);
  await pass(2_010);
  expect([of("retry").length, warnings().length]).toEqual([3, 1]);
  await pass(1_000);
  expect([of("retry").length, warnings().length]).toEqual([4, 2]);
  vi.restoreAllMocks();
});

it("a refusal of that very job is no outage", async () => {
  const refuse = () => Promise.reject(Object.assign(new Error("no"), { status: 410 }));
  const { receiver, warnings, of } = confirming([refuse]);
  await deliver(receiver, forged);
  await pass(1);
  expect(of("retry")).toHaveLength(1);
  expect(warnings()).toEqual([]);
});

it("waits for as long as the provider asks, and else for ten minutes at the most", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  let asked = 7_000;
  const busy = () => Promise.reject(Object.assign(new Error("429"), { retryAfterMs: asked }));
  const { receiver, of } = confirming([busy], {
    retry: { minDelayMs: 1_000, maxDelayMs: 3_600_000 },
  });
  await deliver(receiver, forged);
  await pass(1);
  expect(of("retry")).toMatchObject([{ delayMs: 7_000 }]);
  asked = 0;
  await pass(3_600_000);
  expect(of("retry").at(-1)).toMatchObject({ delayMs: 600_000 });
  vi.restoreAllMocks();
});

it("waits for half as long as the result has waited, shortened by up to half at random", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  const { receiver, of } = confirming(
    [() => new Promise((resolve) => setTimeout(resolve, 20_000, { kind: "running" }))],
    { retry: { minDelayMs: 1_000, maxDelayMs: 600_000 } },
  );
  await deliver(receiver, forged);
  await pass(20_001);
  expect(of("retry")).toMatchObject([{ delayMs: 7_500 }]);
  expect(of("retry")[0]?.error.message).toBe("The provider says that the job has not ended.");
  vi.restoreAllMocks();
});

it("gives an unconfirmed result up after poll.giveUpAfterMs, and another one can take its place", async () => {
  const o = { poll: { giveUpAfterMs: 60_000 }, retry: { ...retry, maxAttempts: 1 } };
  const { receiver, of, confirm, onSucceeded } = confirming([() => ({ kind: "running" })], o);
  await deliver(receiver, forged);
  await pass(59_000);
  expect(of("dead")).toEqual([]);
  await pass(2_000);
  expect(of("dead")).toMatchObject([{ jobId: "a", reason: "attempts_exhausted" }]);
  confirm.mockResolvedValue({ kind: "confirmed", result: truth });
  expect(await deliver(receiver, truth)).toMatchObject({ body: '{"received":true}' });
  await pass(1);
  expect(onSucceeded).toHaveBeenCalledTimes(1);
});

it("keeps an expected job's result although it was given up", async () => {
  const o = { poll: { giveUpAfterMs: 60_000 }, retry: { ...retry, maxAttempts: 1 } };
  const { receiver, of, store } = confirming([() => ({ kind: "running" })], o);
  await store.expect("a", { pollAfterMs: 1e9, giveUpAfterMs: 1e9 });
  await deliver(receiver, forged);
  await pass(62_000);
  expect(of("dead")).toHaveLength(1);
  expect(await deliver(receiver, truth)).toMatchObject({
    body: '{"received":true,"conflict":true}',
  });
});

it("frees a job whose last attempt found it unknown, after others had failed", async () => {
  const { receiver, of } = confirming([() => ({ kind: "confirmed", result: truth }), unknown], {
    retry: { ...retry, maxAttempts: 2 },
    onSucceeded: () => Promise.reject(new Error("no")),
  });
  await deliver(receiver, forged);
  await pass(10_000);
  expect(of("dead")).toMatchObject([{ attempt: 2, reason: "attempts_exhausted" }]);
  expect(await deliver(receiver, truth)).toMatchObject({ body: '{"received":true}' });
});

describe("while confirmations of invented jobs hang", () => {
  const limits = { concurrency: 4 };
  const hangUnless = (isTrue: (jobId: string) => boolean) =>
    vi.fn<NonNullable<Auth["confirm"]>>((result) =>
      isTrue(result.job_id)
        ? Promise.resolve({ kind: "confirmed", result })
        : new Promise(() => undefined),
    );

  it("an expected job is confirmed and runs", async () => {
    const confirm = hangUnless((jobId) => jobId === "expected");
    const { receiver, of, store } = confirming([], { auth: { confirm }, limits });
    await store.expect("expected", { pollAfterMs: 1e9, giveUpAfterMs: 1e9 });
    for (const jobId of ["1", "2", "3"]) await deliver(receiver, succeeded(jobId));
    await pass(1);
    await deliver(receiver, succeeded("expected"));
    await pass(1);
    expect(of("done")).toMatchObject([{ jobId: "expected" }]);
  });

  it("a further one waits without an attempt or an event", async () => {
    const confirm = hangUnless(() => false);
    const { receiver, of, store } = confirming([], { auth: { confirm }, limits });
    for (const jobId of ["1", "2", "3"]) await deliver(receiver, succeeded(jobId));
    await pass(1);
    await deliver(receiver, succeeded("4"));
    await pass(1);
    expect(confirm).toHaveBeenCalledTimes(3);
    expect(of("attempt")).toHaveLength(3);
    expect(of("retry")).toEqual([]);
    const row = await store.get("4");
    expect(row).toMatchObject({ state: "pending", attempts: 0 });
    // Half of retry.minDelayMs at the least.
    expect(row?.dueInMs).toBeGreaterThanOrEqual(499);
  });

  it("a further one waits ten minutes where unconfirmed results are given up sooner", async () => {
    const confirm = hangUnless(() => false);
    const poll = { giveUpAfterMs: 1 };
    const { receiver, store } = confirming([], { auth: { confirm }, limits, poll });
    for (const jobId of ["1", "2", "3"]) await deliver(receiver, succeeded(jobId));
    await store.ingest(stored("4"), { owner: "former", leaseMs: 0 });
    await pass(1);
    void receiver.tick();
    await pass(1);
    expect(await store.get("4")).toMatchObject({ state: "pending", attempts: 0, dueInMs: 599_999 });
  });
});
