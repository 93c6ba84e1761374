import { describe, expect, it, vi } from "vitest";
import { memoryStore } from "../../src/index.ts";
import { fakeApi, mintingAuth, pending } from "./fake-api.ts";
import {
  boot,
  defer,
  drained,
  durableStore,
  pass,
  post,
  succeeded,
  useFakeTime,
} from "./support.ts";

useFakeTime();

describe("submit", () => {
  it("mints a URL, posts it, expects the job bound to it, and returns the provider's 202", async () => {
    const store = memoryStore();
    const { client, run } = fakeApi();
    const { receiver } = boot({ client, store, auth: mintingAuth() });
    const input = { prompt: "waves" };
    expect(await receiver.submit("video", input, { ref: "order" })).toEqual({
      job_id: "job-1",
      request_id: "req",
      status: "processing",
    });
    const url = "https://hook.test/?k=n1.b3JkZXI";
    expect(run).toHaveBeenCalledExactlyOnceWith("video", { input, webhook_url: url }, {});
    expect(await store.get("job-1")).toMatchObject({ state: "expected", binding: "n1.b3JkZXI" });
    expect(await store.get("job-1")).toHaveProperty("dueInMs", 60_000);
  });

  it("makes the receiver accept only the job's own URL, and passes its ref to the callback", async () => {
    const { client, run } = fakeApi();
    const refs: unknown[] = [];
    const { receiver, of } = boot({
      client,
      auth: mintingAuth(),
      onSucceeded: ({ job_id }, ctx) => void refs.push([job_id, ctx.ref]),
    });
    for (const ref of ["one", "two"]) await receiver.submit("m", {}, { ref });
    const [first, second] = run.mock.calls.map(([, { webhook_url: url = "" }]) => url);
    const send = async (jobId: string, url = "") => {
      const ack = await receiver.handle(post(succeeded(jobId), { url }));
      void ack.work?.();
      await pass(1);
    };
    await send("job-1", second);
    expect(of("conflict")).toMatchObject([{ jobId: "job-1", reason: "binding" }]);
    await send("job-1", first);
    await send("job-2", second);
    expect(refs).toEqual([
      ["job-1", "one"],
      ["job-2", "two"],
    ]);
  });

  it("relies on polls and keeps the ref, where no auth mints", async () => {
    const { client, run, bodies } = fakeApi({ "job-1": succeeded("job-1") });
    const refs: unknown[] = [];
    const { receiver } = boot({ client, onSucceeded: (_, ctx) => void refs.push(ctx.ref) });
    await receiver.submit("m", 1, { ref: "mine" });
    await receiver.submit("m", 2);
    bodies["job-2"] = succeeded("job-2");
    expect(run.mock.calls.map(([, request]) => request)).toEqual([{ input: 1 }, { input: 2 }]);
    await pass(60_000);
    expect(refs).toEqual(["mine", undefined]);
  });

  it("succeeds with a warning when a result has already come by another URL", async () => {
    const { client } = fakeApi();
    const { receiver, warnings } = boot({ client, auth: mintingAuth() });
    await receiver.handle(post(succeeded("job-1"), { url: await receiver.webhookUrl() }));
    expect(await receiver.submit("m", {})).toMatchObject({ job_id: "job-1" });
    expect(warnings()).toEqual(["contested"]);
  });

  it("passes the signal to the client, and throws the client's errors", async () => {
    const { client, run } = fakeApi();
    const { signal } = new AbortController();
    const { receiver } = boot({ client });
    await receiver.submit("m", {}, { signal });
    expect(run.mock.calls[0]).toEqual(["m", { input: {} }, { signal }]);
    const refusal = new Error("unknown model");
    run.mockRejectedValueOnce(refusal);
    await expect(receiver.submit("m", {})).rejects.toBe(refusal);
  });

  it("rejects before anything is submitted when an option is missing or wrong", async () => {
    await expect(boot().receiver.submit("m", {})).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("`client`"),
    });
    const { client, run } = fakeApi();
    const { receiver } = boot({ client });
    await expect(receiver.submit("m", {}, { ref: "" })).rejects.toMatchObject({
      code: "invalid_options",
    });
    expect(run).not.toHaveBeenCalled();
  });

  it("is refused by a draining receiver on a memory store, and accepted on a durable one", async () => {
    for (const [store, ends] of [
      [memoryStore(), true],
      [durableStore(), false],
    ] as const) {
      const { client, run } = fakeApi();
      const { receiver } = boot({ client, store });
      await drained(receiver, 100);
      const submitted = receiver.submit("m", {});
      if (ends) await expect(submitted).rejects.toMatchObject({ code: "draining" });
      else await submitted;
      expect(run).toHaveBeenCalledTimes(ends ? 0 : 1);
    }
  });
});

it.each([
  ["undefined", undefined, "got undefined"],
  ["null", null, "got null"],
  ["an empty object", {}, "got a `job_id` of undefined"],
  ["a number as `job_id`", { job_id: 7 }, "got a `job_id` of 7"],
  ["an empty `job_id`", { job_id: "" }, "got a `job_id` of string"],
])("submit says what to do when a user's own client resolves to %s", async (_, answer, words) => {
  const store = memoryStore();
  const notes = vi.spyOn(store, "expect");
  const { client, run } = fakeApi();
  run.mockResolvedValueOnce(answer as never);
  const { receiver } = boot({ client, store });
  const error = await receiver.submit("m", {}).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "api_unexpected", mayHaveStarted: true });
  expect((error as Error).message).toMatch(
    /^Expected `client.run` to resolve to .*`job_id`.*pay twice.*Return the body of the provider's 202/,
  );
  expect((error as Error).message).toContain(words);
  expect(notes).not.toHaveBeenCalled();
});

describe("a signal that is aborted before the client runs", () => {
  it("stops submit, also with a client that ignores signals", async () => {
    const { client, run } = fakeApi();
    const { receiver } = boot({ client });
    const reason = new Error("the user has left");
    const submitted = receiver.submit("m", {}, { signal: AbortSignal.abort(reason) });
    await expect(submitted).rejects.toBe(reason);
    expect(run).not.toHaveBeenCalled();
  });

  it("stops submit when it is aborted during the checks", async () => {
    const { client, run } = fakeApi();
    const controller = new AbortController();
    const reason = new Error("the user has left");
    const auth = mintingAuth();
    const minting = {
      ...auth,
      mint: async (o: { ref?: string }) => {
        controller.abort(reason);
        return auth.mint?.(o) as never;
      },
    };
    const { receiver } = boot({ client, auth: minting });
    const submitted = receiver.submit("m", {}, { signal: controller.signal });
    await expect(submitted).rejects.toBe(reason);
    expect(run).not.toHaveBeenCalled();
  });
});

describe("a webhook that arrives before the 202", () => {
  it("runs once, and the job is not polled", async () => {
    const gate = defer();
    const { client, run, asked } = fakeApi();
    const onSucceeded = vi.fn();
    const { receiver } = boot({ client, auth: mintingAuth(), onSucceeded });
    run.mockImplementationOnce(async (_model, { webhook_url: url = "" }) => {
      void (await receiver.handle(post(succeeded("early"), { url }))).work?.();
      await gate.promise;
      return { job_id: "early", status: "processing" };
    });
    const submitted = receiver.submit("m", {}, { ref: "mine" });
    for (let turn = 0; turn < 3; turn++) await pass(1);
    expect(onSucceeded).toHaveBeenCalledExactlyOnceWith(
      succeeded("early"),
      expect.objectContaining({ ref: "mine" }),
    );
    gate.resolve();
    expect((await submitted).job_id).toBe("early");
    expect(await receiver.expect("early")).toBe("arrived");
    await pass(86_400_000);
    expect([onSucceeded.mock.calls.length, asked()]).toEqual([1, []]);
  });
});

describe("a store that fails after the 202", () => {
  it("is asked again, and the job is expected", async () => {
    const inner = memoryStore();
    const notes = vi.fn(inner.expect);
    notes.mockRejectedValueOnce(new Error("down")).mockRejectedValueOnce(new Error("down"));
    const { client, run } = fakeApi({ "job-1": pending("job-1") });
    const { receiver } = boot({ client, store: Object.assign(inner, { expect: notes }) });
    const submitted = receiver.submit("m", {});
    await pass(1_200);
    expect((await submitted).job_id).toBe("job-1");
    expect([run.mock.calls.length, notes.mock.calls.length]).toEqual([1, 3]);
  });

  it("makes submit reject with the job's id and advice when it stays down", async () => {
    const inner = memoryStore();
    const { client, run } = fakeApi();
    const down = () => Promise.reject(new Error("connection refused"));
    const { receiver } = boot({ client, store: Object.assign(inner, { expect: down }) });
    const failure = receiver.submit("m", {}).catch((thrown: unknown) => thrown);
    await pass(60_000);
    const error = (await failure) as Error;
    expect(error).toMatchObject({ code: "not_expected", jobId: "job-1" });
    expect(JSON.parse(JSON.stringify(error))).toHaveProperty("jobId", "job-1");
    expect(error.message).toMatch(/^Job job-1 was submitted.*connection refused.*Do not submit/);
    expect(run).toHaveBeenCalledTimes(1);
  });
});
