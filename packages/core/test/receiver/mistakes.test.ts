import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  createReceiver,
  memoryStore,
  refetch,
  type JobClient,
  type Receiver,
  type ReceiverEvent,
  type ReceiverOptions,
  type WarningEvent,
} from "../../src/index.ts";
import { toReceiver } from "../../src/adapter.ts";
import { boot, deliver, failed, forEver, pass, post, succeeded, useFakeTime } from "./support.ts";

useFakeTime();
let lines: string[] = [];
beforeEach(() => {
  lines = [];
  vi.spyOn(console, "error").mockImplementation((line: string) => void lines.push(line));
  vi.spyOn(console, "warn").mockImplementation((line: string) => void lines.push(line));
});
afterEach(() => void vi.restoreAllMocks());

/** A receiver without callbacks, and its warnings. */
function bare(options: Partial<ReceiverOptions>) {
  const warnings: WarningEvent["error"][] = [];
  const onEvent = (event: ReceiverEvent) => {
    if (event.type === "warning") warnings.push(event.error);
  };
  const receiver = silent({ onEvent, ...options });
  return { receiver, of: (code: string) => warnings.filter((one) => one.code === code) };
}

const silent = (options: Partial<ReceiverOptions> = {}) =>
  createReceiver({ auth: "none", store: memoryStore(), ...options });

describe("no_callback", () => {
  it("the job of a result without a callback is done, with one warning for each missing callback", async () => {
    const store = memoryStore();
    const { receiver, of } = bare({ store, onSucceeded: () => undefined });
    for (const id of ["a", "b"]) await deliver(receiver, failed(id));
    await deliver(receiver, succeeded("c"));
    await pass(1);
    expect(of("no_callback")).toMatchObject([
      { message: expect.stringMatching(/^A job failed, .*no `onFailed`/) as string },
    ]);
    expect(await store.stats()).toMatchObject({ done: 3 });
  });

  it("one warning for each of the two callbacks is emitted, also where the result was confirmed first", async () => {
    const getJob = async (id: string) => (id === "a" ? failed(id) : succeeded(id));
    const client: JobClient = { getJob, run: () => forEver() as never };
    const { receiver, of } = bare({ client, auth: refetch() });
    for (const job of [failed("a"), succeeded("b")]) await deliver(receiver, job);
    await pass(1);
    expect(of("no_callback").map(({ message }) => message)).toEqual([
      expect.stringMatching(/^A job failed, .*no `onFailed`/),
      expect.stringMatching(/^A job succeeded, .*no `onSucceeded`/),
    ]);
  });
});

describe("messages", () => {
  const messageOf = (make: () => unknown): string => {
    try {
      make();
    } catch (thrown) {
      return String(thrown);
    }
    return "nothing was thrown";
  };

  it.each<[unknown, string]>([
    [{ auth: "none", onSuccess: () => undefined }, "Did you mean `onSucceeded`?"],
    [{ auth: "none", onFail: () => undefined }, "Did you mean `onFailed`?"],
    [{ auth: "none", OnDead: () => undefined }, "Did you mean `onDead`?"],
    [{ auth: "none", limits: { leaseMS: 5 } }, "Did you mean `limits.leaseMs`?"],
    [{ auth: "none", limits: { timeoutMs: 5 } }, "Did you mean"],
    [{ auth: "none", retry: { attempts: 5 } }, "Did you mean `retry.maxAttempts`?"],
    [{ onSucceeded: () => undefined }, "signedUrl({ secrets, url })"],
  ])("%j", (options, advice) => {
    expect(messageOf(() => createReceiver(options as ReceiverOptions))).toContain(advice);
  });

  it.each<[string, (receiver: Receiver) => Promise<unknown>, string]>([
    [
      "expect, a URL",
      (r) => r.expect("a", "https://app.test" as never),
      "Expected the options of `expect` to be an object such as { webhookUrl }, got string.",
    ],
    [
      "list, { status }",
      (r) => r.list({ status: "dead" } as never),
      "Unknown option `status`. Did you mean `state`?",
    ],
    ["result, { timeout }", (r) => r.result("a", { timeout: 1 } as never), "mean `timeoutMs`?"],
    ["submit, a promise", (r) => r.submit("m", forEver()), "got a promise. Put `await` before it."],
  ])("of a method: %s", async (_, call, message) => {
    await expect(call(silent())).rejects.toThrow(message);
    await expect(call(silent())).rejects.toMatchObject({ code: "invalid_options" });
  });

  it("a message suggests an option of which the name is a part, or that is a part of it", () => {
    const unknown = (name: string) => messageOf(() => silent({ [name]: 1 }));
    expect(unknown("cli")).toContain("Did you mean `client`?");
    expect(unknown("jobStoreOfMine")).toContain("Did you mean `store`?");
    expect(unknown("up")).not.toContain("Did you mean");
  });

  it("a message suggests no option where none is similar", () => {
    const message = messageOf(() => createReceiver({ auth: "none", zzzzz: 1 } as never));
    expect(message).not.toContain("Did you mean");
    expect(message).toContain("Known: auth");
  });

  it("a handler instead of a receiver is an error that names `.receiver`", () => {
    const receiver = silent();
    const handler = Object.assign(() => undefined, { receiver });
    expect(messageOf(() => toReceiver(handler as never))).toContain("Pass its `.receiver`.");
    expect(toReceiver(handler.receiver)).toBe(receiver);
    for (const nothing of [undefined, null, "x", () => undefined]) {
      expect(messageOf(() => toReceiver(nothing as never))).toContain("receiver options");
    }
  });
});

describe("a payload that is not recognised", () => {
  it("the dead event names the status or field, and the console says how to look at the payload", async () => {
    const payload = { job_id: "a", status: "archived" };
    const { receiver, of } = boot();
    await deliver(receiver, payload);
    await pass(1);
    const message = expect.stringContaining('`status` is "archived"') as string;
    const error = { code: "unrecognized", message };
    expect(of("dead")).toMatchObject([{ reason: "unrecognized", error }]);
    await deliver(silent(), payload);
    await pass(1);
    const [line] = lines.filter((one) => one.includes("job a"));
    expect(line).toContain('`status` is "archived"');
    expect(line).toContain('list({ state: "dead" })');
    expect(line).toContain("`payload`");
    expect(line).not.toContain("after attempt 0");
  });
});

describe("callbacks that still run after their timeout", () => {
  it("are counted, and a warning gives their number when it exceeds `concurrency`", async () => {
    const { receiver, of } = boot({
      limits: { concurrency: 2, handlerTimeoutMs: 1_000 },
      retry: { maxAttempts: 1 },
      onSucceeded: () => forEver(),
      onFailed: ({ job_id }, { signal }) =>
        new Promise((_, reject) =>
          signal.addEventListener("abort", () => reject(new Error(job_id))),
        ),
    });
    const overruns = () => of("warning").filter(({ error }) => error.code === "callbacks_overrun");
    for (const id of ["a", "b", "c", "d"]) await deliver(receiver, failed(id));
    await pass(5_000);
    expect(overruns()).toEqual([]);
    for (const id of ["e", "f", "g", "h"]) await deliver(receiver, succeeded(id));
    await pass(1_500);
    expect(overruns()).toEqual([]);
    await pass(1_500);
    expect(overruns()).toHaveLength(1);
    expect(overruns()[0]?.error.message).toMatch(/[34] callbacks .*`ctx.signal`/);
  });
});

describe("confirmations of unexpected jobs", () => {
  it("leave a slot for a true, expected result while the API hangs", async () => {
    const truth = succeeded("true");
    const getJob = (id: string) => (id === "true" ? Promise.resolve(truth) : (forEver() as never));
    const client: JobClient = { getJob, run: () => forEver() as never };
    const handed: string[] = [];
    const { receiver } = boot({
      client,
      auth: refetch(),
      poll: { afterMs: 3_600_000 },
      onSucceeded: (job) => void handed.push(job.job_id),
    });
    for (let index = 0; index < 200; index += 1) {
      const ack = await receiver.handle(post(succeeded(`invented-${index}`)));
      void ack.work?.();
    }
    await pass(100);
    await receiver.expect("true");
    expect((await deliver(receiver, truth)).status).toBe(200);
    await pass(1_000);
    expect(handed).toEqual(["true"]);
  });

  it("are made when the API answers again", async () => {
    let isUp = false;
    const waiting: (() => void)[] = [];
    const getJob = async (id: string) => {
      if (!isUp) await new Promise<void>((resolve) => void waiting.push(resolve));
      return succeeded(id);
    };
    const client: JobClient = { getJob, run: () => forEver() as never };
    const handed = new Set<string>();
    const { receiver, of } = boot({
      client,
      auth: refetch(),
      limits: { concurrency: 4 },
      onSucceeded: (job) => void handed.add(job.job_id),
    });
    for (let index = 0; index < 20; index += 1) await deliver(receiver, succeeded(`j${index}`));
    await pass(60_000);
    expect(waiting.length).toBeLessThan(4);
    expect(of("retry")).toEqual([]);
    isUp = true;
    for (const resolve of waiting) resolve();
    await pass(700_000);
    expect(handed.size).toBe(20);
  });
});
