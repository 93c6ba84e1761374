import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, it } from "vitest";
import { memoryStore, type HandlerContext, type JobResult } from "../../src/index.ts";
import { fakeApi } from "./fake-api.ts";
import { boot, defer, deliver, durableStore, post, succeeded } from "./support.ts";

const request = new AsyncLocalStorage<string>();

/** Records the request in whose context each attempt runs. */
function watched(callback: (job: JobResult, ctx: HandlerContext) => void | Promise<void>) {
  const seen: string[] = [];
  const onSucceeded = (job: JobResult, ctx: HandlerContext) => {
    seen.push(`${job.job_id} ${ctx.attempt}: ${request.getStore() ?? "none"}`);
    return callback(job, ctx);
  };
  return { seen, onSucceeded };
}

const notYet = (_: JobResult, { attempt }: HandlerContext): Promise<void> =>
  attempt === 1 ? Promise.reject(new Error("not yet")) : Promise.resolve();

const retry = { minDelayMs: 1, maxDelayMs: 1 };

it("a result runs in the context of its request, and its retry in no request's", async () => {
  const { seen, onSucceeded } = watched(notYet);
  const { receiver, of } = boot({ onSucceeded, retry });
  await request.run("A", () => deliver(receiver, succeeded("a")));
  await expect.poll(() => of("done").length).toBe(1);
  expect(seen).toEqual(["a 1: A", "a 2: none"]);
});

it("a result that waited for a slot runs in no other request's context", async () => {
  const gate = defer();
  const { seen, onSucceeded } = watched(({ job_id }) =>
    job_id === "a" ? gate.promise : undefined,
  );
  const { receiver, of } = boot({ onSucceeded, limits: { concurrency: 1 } });
  await request.run("A", () => deliver(receiver, succeeded("a")));
  await expect.poll(() => seen.length).toBe(1);
  await request.run("B", () => deliver(receiver, succeeded("b")));
  await request.run("C", () => deliver(receiver, succeeded("c")));
  gate.resolve();
  await expect.poll(() => of("done").length).toBe(3);
  expect(seen.toSorted()).toEqual(["a 1: A", "b 1: none", "c 1: none"]);
});

describe.each(["tick", "idle"] as const)("%s, called by a request", (method) => {
  it("later jobs do not run in the context of that request", async () => {
    const store = durableStore();
    const delivery = {
      fingerprint: "1-a",
      source: "webhook",
      payload: JSON.stringify(succeeded("a")),
    };
    await store.ingest({ ...delivery, jobId: "a", source: "webhook" }, { owner: "x", leaseMs: 0 });
    const { seen, onSucceeded } = watched(() => undefined);
    const { receiver } = boot({ store, onSucceeded });
    await request.run("cron", () => receiver[method]());
    await receiver.idle();
    expect(seen).toEqual(["a 1: none"]);
  });
});

it("polls and polled results run outside the context of any request", async () => {
  const asked: (string | undefined)[] = [];
  const { client } = fakeApi({
    a: () => {
      asked.push(request.getStore());
      return succeeded("a");
    },
  });
  const { seen, onSucceeded } = watched(() => undefined);
  const { receiver, of } = boot({
    client,
    onSucceeded,
    poll: { afterMs: 1 },
  });
  await request.run("A", () => receiver.expect("a"));
  await expect.poll(() => of("done").length).toBe(1);
  expect(asked).toEqual([undefined]);
  expect(seen).toEqual(["a 1: none"]);
});

it("the timeout of a callback runs in no other request's context", async () => {
  const endedIn: (string | undefined)[] = [];
  const onSucceeded = (_: JobResult, { signal }: HandlerContext): Promise<void> =>
    new Promise(() => {
      signal.addEventListener("abort", () => endedIn.push(request.getStore()));
    });
  const { receiver } = boot({
    onSucceeded,
    store: memoryStore(),
    limits: { handlerTimeoutMs: 50 },
    retry: { maxAttempts: 1 },
  });
  // Its delivery sets the timer that all share.
  await request.run("A", () => deliver(receiver, succeeded("a")));
  await request.run("B", () => deliver(receiver, succeeded("b")));
  await expect.poll(() => endedIn.length).toBe(2);
  expect(endedIn).toEqual([undefined, undefined]);
});

it("callbacks run where the host has no AsyncLocalStorage", async () => {
  const { getBuiltinModule } = process;
  process.getBuiltinModule = () => undefined;
  const { receiver, of } = boot();
  process.getBuiltinModule = getBuiltinModule;
  await (await receiver.handle(post(succeeded("a")))).work?.();
  expect(of("done")).toHaveLength(1);
});
