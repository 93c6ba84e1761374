import { expect, it, vi } from "vitest";
import { createReceiver } from "../../src/receiver/create-receiver.ts";
import type { Instrumentation } from "../../src/receiver/receiver-options.ts";
import { memoryStore } from "../../src/store/memory/memory-store.ts";

const succeeded = {
  job_id: "job_1",
  status: "succeeded",
  output: { type: "image", items: [] },
};

/** Records its calls. */
function record(): { calls: string[]; instrumentation: Instrumentation } {
  const calls: string[] = [];
  return {
    calls,
    instrumentation: {
      attach(receiver) {
        receiver.subscribe(({ type }) => void calls.push(type));
        return () => void calls.push("detached");
      },
      arrived: (jobId) => void calls.push(`arrived ${jobId}`),
      around({ jobId, attempt }, run) {
        calls.push(`around ${jobId} ${attempt}`);
        return run();
      },
    },
  };
}

it("an instrumentation gets each result, wraps its callback, and is detached after the drain", async () => {
  const { calls, instrumentation } = record();
  const onSucceeded = () => void calls.push("callback");
  const receiver = createReceiver({
    auth: "none",
    store: memoryStore(),
    onSucceeded,
    onEvent: () => undefined,
    instrumentation,
  });
  await receiver.ingest(succeeded);
  await receiver.ingest(succeeded);
  await receiver.idle();
  await receiver.drain();
  const expected = ["arrived job_1", "stored", "attempt", "around job_1 1", "callback", "done"];
  expect(calls.filter((call) => call !== "duplicate" && call !== "warning")).toEqual([
    ...expected,
    "detached",
  ]);
});

it("an instrumentation does not replace the console", async () => {
  const print = vi.spyOn(console, "error").mockReturnValue();
  const { instrumentation } = record();
  const onSucceeded = () => Promise.reject(new Error("mine"));
  const receiver = createReceiver({
    auth: "none",
    store: memoryStore(),
    onSucceeded,
    instrumentation,
  });
  await receiver.ingest(succeeded);
  await receiver.idle();
  expect(print.mock.calls.join()).toContain("mine");
  print.mockRestore();
});

it("an instrumentation that throws when a result arrives loses no result", async () => {
  const print = vi.spyOn(console, "error").mockReturnValue();
  const { instrumentation } = record();
  const arrived = () => {
    throw new Error("broken");
  };
  const onSucceeded = vi.fn();
  const receiver = createReceiver({
    auth: "none",
    store: memoryStore(),
    onSucceeded,
    instrumentation: { ...instrumentation, arrived },
  });
  expect(await receiver.ingest(succeeded)).toMatchObject({ kind: "stored" });
  await receiver.idle();
  expect(onSucceeded).toHaveBeenCalledTimes(1);
  expect(print.mock.calls.join()).toContain("instrumentation.arrived threw");
  print.mockRestore();
});

it("an instrumentation that cannot be detached does not spoil the drain's report", async () => {
  const print = vi.spyOn(console, "error").mockReturnValue();
  const detach = vi.fn(() => {
    throw new Error("broken");
  });
  const { instrumentation } = record();
  const receiver = createReceiver({
    auth: "none",
    store: memoryStore(),
    instrumentation: { ...instrumentation, attach: () => detach },
  });
  expect(await receiver.drain()).toEqual({ settled: 0, released: 0, lost: 0 });
  await receiver.drain();
  expect(detach).toHaveBeenCalledTimes(1);
  expect(print.mock.calls.join()).toContain("instrumentation.detach threw");
  print.mockRestore();
});

it.each([null, {}, { attach() {}, arrived() {} }])(
  "the instrumentation %j is refused",
  (instrumentation) => {
    expect(() =>
      createReceiver({
        auth: "none",
        instrumentation: instrumentation as unknown as Instrumentation,
      }),
    ).toThrow("instrumentation.");
  },
);
