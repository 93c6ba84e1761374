import { describe, expect, it, vi } from "vitest";
import { sharedReceiver, type JobClient } from "../../src/index.ts";
import {
  boot,
  deliver,
  durableStore,
  failed,
  forEver,
  pass,
  succeeded,
  useFakeTime,
} from "./support.ts";

useFakeTime();

const without: object = { onSucceeded: undefined, onFailed: undefined };

// One process submits and receives, and another one has the callbacks.
describe("a receiver without callbacks for results, on a durable store", () => {
  it("leaves results to a process that has callbacks, and says so once", async () => {
    const store = durableStore();
    const web = boot({ store, ...without });
    web.receiver.start();
    for (const payload of [succeeded("a"), failed("b")]) {
      expect(await deliver(web.receiver, payload)).toMatchObject({ status: 200 });
    }
    await pass(120_000);
    await web.receiver.tick();
    await web.receiver.idle();
    expect(await store.stats()).toMatchObject({ pending: 2, done: 0 });
    expect(web.warnings()).toEqual(["no_callback"]);

    const onSucceeded = vi.fn();
    const worker = boot({ store, onSucceeded, onFailed: () => undefined });
    await worker.receiver.tick();
    expect(onSucceeded).toHaveBeenCalledTimes(1);
    expect(await store.stats()).toMatchObject({ pending: 0, done: 2 });
  });

  it("leaves what it redrives, and the results that it polls", async () => {
    const store = durableStore();
    const getJob = async (id: string) => succeeded(id);
    const client: JobClient = { getJob, run: () => forEver() as never };
    const fails = () => Promise.reject(new Error("down"));
    const app = boot({ store, onSucceeded: fails, retry: { maxAttempts: 1 } });
    await deliver(app.receiver, succeeded("a"));
    await pass(1);
    expect(await store.stats()).toMatchObject({ dead: 1 });
    await app.receiver.drain();

    const { receiver } = boot({ store, client, poll: { afterMs: 1 }, ...without });
    expect(await receiver.redrive("a")).toBe(true);
    await receiver.expect("b");
    const waiter = receiver.result("b");
    await pass(120_000);
    expect(await waiter).toMatchObject({ job_id: "b" });
    expect(await store.stats()).toMatchObject({ pending: 2, done: 0, dead: 0 });
    await receiver.drain();
  });

  it('answers 503 with `ack: "handled"`, because nothing was handled', async () => {
    const { receiver } = boot({ store: durableStore(), ack: "handled", ...without });
    expect(await deliver(receiver, succeeded("a"))).toMatchObject({ status: 503 });
  });

  it("runs them once a shared receiver gets callbacks", async () => {
    const store = durableStore();
    const make = () => ({ auth: "none", store }) as const;
    const receiver = sharedReceiver("late-callbacks", { onEvent: () => undefined }, make);
    await receiver.ingest(succeeded("a"));
    await pass(1);
    expect(await store.stats()).toMatchObject({ pending: 1 });
    const onSucceeded = vi.fn();
    sharedReceiver("late-callbacks", { onSucceeded, onEvent: () => undefined }, make);
    await receiver.tick();
    expect(onSucceeded).toHaveBeenCalledTimes(1);
    await receiver.drain();
  });
});
