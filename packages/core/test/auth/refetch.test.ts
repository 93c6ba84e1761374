import { describe, expect, it, vi } from "vitest";
import {
  createReceiver,
  type JobClient,
  memoryStore,
  refetch,
  signedUrl,
} from "../../src/index.ts";
import {
  bodyOf,
  boot,
  deliver,
  failed,
  pass,
  post,
  succeeded,
  useFakeTime,
} from "../receiver/support.ts";

useFakeTime();
const HOUR_MS = 3_600_000;
const truth = succeeded("a", "https://cdn.test/true.png");
const forged = succeeded("a", "https://evil.test/forged.png");
const running = { job_id: "a", status: "processing" };
const down = (retryAfterMs?: number) => () => {
  throw Object.assign(new Error("503"), { code: "api_unavailable", retryAfterMs });
};

/** A receiver whose API gives these answers in turn, and the last of them for ever. */
function asking(answers: (() => unknown)[], options: Parameters<typeof boot>[0] = {}) {
  const store = memoryStore();
  const getJob = vi.fn<JobClient["getJob"]>(async () =>
    (answers.length > 1 ? answers.shift() : answers[0])?.(),
  );
  const client: JobClient = { getJob, run: async () => Promise.reject(new Error("not here")) };
  const onSucceeded = vi.fn();
  return {
    ...boot({ auth: refetch(), client, store, onSucceeded, ...options }),
    store,
    getJob,
    onSucceeded,
  };
}
const unknown = () => undefined;
const known = () => truth;

it("the callback gets the API's result instead of the delivered one, and the API is asked after the 200", async () => {
  const { receiver, onSucceeded, getJob, store } = asking([known]);
  expect((await deliver(receiver, forged)).status).toBe(200);
  expect(getJob).not.toHaveBeenCalled();
  await pass(1);
  expect(getJob.mock.calls).toEqual([["a", { signal: expect.any(AbortSignal) }]]);
  expect(onSucceeded.mock.calls).toEqual([[truth, expect.anything()]]);
  expect(await store.get("a")).toMatchObject({ state: "done", payload: JSON.stringify(truth) });
  expect(bodyOf(await deliver(receiver, truth))).toEqual({ received: true, duplicate: true });
  expect(bodyOf(await deliver(receiver, forged))).toEqual({ received: true, conflict: true });
});

it("the API's answer can turn a success into a failure", async () => {
  const onFailed = vi.fn();
  const { receiver, onSucceeded } = asking([() => failed("a")], { onFailed });
  await deliver(receiver, forged);
  await pass(1);
  expect(onSucceeded).not.toHaveBeenCalled();
  expect(onFailed).toHaveBeenCalledTimes(1);
});

it("refetch uses its own client where it has one", async () => {
  const own = { getJob: vi.fn(async () => truth) };
  const { receiver, getJob, onSucceeded } = asking([down()], { auth: refetch({ client: own }) });
  await deliver(receiver, forged);
  await pass(1);
  expect([own.getJob.mock.calls.length, getJob.mock.calls.length]).toEqual([1, 0]);
  expect(onSucceeded).toHaveBeenCalledTimes(1);
});

describe("while the API gives no usable answer, the result waits and no attempt is counted", () => {
  it.each([
    ["the API is down", down()],
    ["the job still runs", () => running],
    ["the answer has an unknown status", () => ({ job_id: "a", status: "melted" })],
    ["the answer is no job", () => "<html>"],
    ["the answer is another job's", () => succeeded("b")],
  ])("%s", async (_name, answer) => {
    const answers: (() => unknown)[] = [answer];
    const { receiver, onSucceeded, getJob, of, store } = asking(answers);
    await deliver(receiver, forged);
    await pass(23 * HOUR_MS);
    expect(of("dead")).toEqual([]);
    expect(onSucceeded).not.toHaveBeenCalled();
    // The delays grow: some twenty requests at first, then one every five to ten minutes.
    expect(getJob.mock.calls.length).toBeGreaterThan(100);
    expect(getJob.mock.calls.length).toBeLessThan(350);
    expect(await store.get("a")).toMatchObject({ state: "pending", attempts: 0 });
    expect(new Set(of("retry").map(({ attempt }) => attempt))).toEqual(new Set([1]));
    answers[0] = known;
    await pass(600_000);
    expect(onSucceeded.mock.calls).toEqual([[truth, expect.objectContaining({ attempt: 1 })]]);
  });
});

it("an API that cannot be asked is warned of once, and once more after it has answered in between", async () => {
  const refused = (status: number) => () => {
    throw Object.assign(new Error("no"), { status });
  };
  const answers = [refused(401), down(), unknown, refused(400), refused(503), known];
  const { receiver, warnings, of } = asking(answers);
  await deliver(receiver, forged);
  await pass(1);
  expect(warnings()).toEqual(["api_unavailable"]);
  await pass(HOUR_MS);
  // The 400 concerns one job, so it is no outage.
  expect(warnings()).toEqual(["api_unavailable", "api_unavailable"]);
  expect(of("done")).toHaveLength(1);
});

it("refetch does not ask before the time in Retry-After", async () => {
  const { receiver, getJob } = asking([down(120_000), known]);
  await deliver(receiver, forged);
  await pass(119_000);
  expect(getJob).toHaveBeenCalledTimes(1);
  await pass(2_000);
  expect(getJob).toHaveBeenCalledTimes(2);
});

it("refetch waits whole milliseconds and at most a day, also for a longer Retry-After", async () => {
  for (const [asked, delayMs] of [
    [120_000.25, 120_001],
    [1e300, 86_400_000],
  ] as const) {
    const { receiver, of } = asking([down(asked)]);
    await deliver(receiver, forged);
    await pass(1);
    expect(of("retry")).toMatchObject([{ delayMs }]);
  }
});

it("the job is dead after its last attempt, and the next result takes its place", async () => {
  const answers: (() => unknown)[] = [down()];
  const { receiver, onSucceeded, of } = asking(answers, { poll: { giveUpAfterMs: HOUR_MS } });
  await deliver(receiver, forged);
  await pass(HOUR_MS + 600_000);
  expect(of("dead")).toEqual([]);
  await pass(24 * HOUR_MS);
  expect(of("dead")).toMatchObject([{ reason: "attempts_exhausted", attempt: 10 }]);
  answers[0] = known;
  expect(bodyOf(await deliver(receiver, truth))).toEqual({ received: true });
  await pass(1);
  expect(onSucceeded.mock.calls).toEqual([[truth, expect.anything()]]);
});

describe("a job that the API does not know", () => {
  it("is dead after three answers that it is unknown, and an outage is no such answer", async () => {
    const { receiver, of, getJob, store } = asking([
      unknown,
      down(),
      () => running,
      unknown,
      down(),
      unknown,
      known,
    ]);
    await deliver(receiver, forged);
    await pass(HOUR_MS);
    expect(getJob).toHaveBeenCalledTimes(6);
    expect(of("dead")).toMatchObject([{ jobId: "a", reason: "unknown_job" }]);
    expect(of("retry").map(({ error }) => error.message)).toEqual([
      "The provider does not know this job. (unknown so far: 1)",
      "503 (unknown so far: 1)",
      "The provider says that the job has not ended. (unknown so far: 1)",
      "The provider does not know this job. (unknown so far: 2)",
      "503 (unknown so far: 2)",
    ]);
    expect(await store.get("a")).toMatchObject({ state: "dead", error: "unknown_job" });
  });

  it("is replaced by the true result", async () => {
    const { receiver, onSucceeded } = asking([unknown, unknown, unknown, known]);
    await deliver(receiver, forged);
    await pass(HOUR_MS);
    expect(bodyOf(await deliver(receiver, truth))).toEqual({ received: true });
    await pass(1);
    expect(onSucceeded.mock.calls).toEqual([[truth, expect.objectContaining({ attempt: 1 })]]);
  });

  it("is not dead after the first such answers, because the API may know it later", async () => {
    const { receiver, onSucceeded, of } = asking([unknown, unknown, known]);
    await deliver(receiver, truth);
    await pass(HOUR_MS);
    expect(of("dead")).toEqual([]);
    expect(onSucceeded).toHaveBeenCalledTimes(1);
  });

  it("is not dead because of callbacks that failed before: those attempts do not count", async () => {
    const { receiver, onSucceeded, of } = asking([known, known, known, unknown, unknown, known]);
    for (let times = 0; times < 3; times++) onSucceeded.mockRejectedValueOnce(new Error("busy"));
    await deliver(receiver, truth);
    await pass(3 * HOUR_MS);
    expect(of("dead")).toEqual([]);
    expect(of("done")).toMatchObject([{ attempt: 6 }]);
  });

  it("is never replaced when it was expected", async () => {
    const { receiver, of, store } = asking([unknown]);
    await store.expect("a", { pollAfterMs: 1e9, giveUpAfterMs: 1e9 });
    await deliver(receiver, forged);
    await pass(24 * HOUR_MS);
    expect(of("dead")).toMatchObject([{ reason: "attempts_exhausted", attempt: 10 }]);
    expect(bodyOf(await deliver(receiver, truth))).toEqual({ received: true, conflict: true });
  });
});

it("with signedUrl, the API decides between two contradicting results for one URL", async () => {
  const url = "https://app.test/hook";
  const signed = signedUrl({ secrets: ["s".repeat(32)], url });
  const { receiver, onSucceeded, of } = asking([() => running, known], {
    auth: [signed, refetch()],
  });
  const minted = await signed.mint({ ref: "order-42" });
  const send = (payload: object, address: string) =>
    receiver.handle(post(payload, { url: address }));
  expect((await send(forged, url)).status).toBe(401);

  const first = await send(forged, minted.url);
  void first.work?.();
  const second = await send(truth, minted.url);
  expect([bodyOf(first), bodyOf(second)]).toEqual([
    { received: true },
    { received: true, conflict: true },
  ]);
  await pass(10_000);
  expect(onSucceeded.mock.calls).toEqual([[truth, expect.anything()]]);
  expect(of("done")).toHaveLength(1);
  expect(bodyOf(await send(truth, minted.url))).toEqual({ received: true, duplicate: true });
});

describe("createReceiver refuses at construction", () => {
  const message = (make: () => unknown): string => {
    try {
      make();
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: "invalid_options" });
      return (thrown as Error).message;
    }
    return "";
  };

  it("a refetch without a client, when the receiver has none either", () => {
    expect(message(() => createReceiver({ auth: refetch() }))).toContain("Expected a `client`");
    const own = { getJob: async () => truth };
    expect(message(() => createReceiver({ auth: refetch({ client: own }) }))).toBe("");
  });

  it.each([
    [{ client: {} }, "`getJob`, got object"],
    [{ client: "key" }, "`getJob`, got string"],
    [{ clients: {} }, "Unknown option `clients`"],
    [null, "Expected options such as { client }, or none, got null."],
    ["key", "Expected options such as { client }, or none, got string."],
    [5, "Expected options such as { client }, or none, got 5."],
  ])("%j", (options, expected) => {
    expect(message(() => refetch(options as never))).toContain(expected);
  });
});

describe("the error says what the API answered", () => {
  const confirm = (client?: Pick<JobClient, "getJob">) =>
    refetch(client && { client }).confirm?.(truth, {
      signal: new AbortController().signal,
      expected: false,
      attempt: 1,
    });

  it.each([
    [{ job_id: "a", status: "melted" }, '`status` is "melted", which is unknown'],
    ["<html>", "the body is not a JSON object"],
  ])("%j", async (answer, reason) => {
    await expect(confirm({ getJob: async () => answer })).rejects.toMatchObject({
      code: "api_unexpected",
      message: `Expected GET /v1/jobs/{id} to answer with a job: ${reason}.`,
    });
  });

  it("the error says that there is no client to ask", async () => {
    await expect(confirm()).rejects.toMatchObject({
      code: "invalid_options",
      message: "Expected the receiver to have a `client`, got none.",
    });
  });
});
