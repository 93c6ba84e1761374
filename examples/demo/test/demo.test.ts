import { fileURLToPath } from "node:url";
import { createReceiver, memoryStore, type ReceiverOptions } from "@abstrakt-webhooks/core";
import { describe, expect, it, vi } from "vitest";
import { runScript } from "../../../test/support/run-script.ts";
import { runDemo, type DemoOptions } from "../demo.ts";
import { createPaint } from "../paint.ts";

vi.setConfig({ testTimeout: 60_000 });

const root = fileURLToPath(new URL("../../..", import.meta.url));

async function run(judged: DemoOptions["createReceiver"]) {
  const lines: string[] = [];
  const exitCode = await runDemo({
    seed: 1,
    paint: createPaint(false),
    write: (line) => lines.push(line),
    ...(judged && { createReceiver: judged }),
  });
  return { exitCode, wrong: lines.filter((line) => line.includes("WRONG")).join("\n") };
}

it("shows the batch, proves its arithmetic and exits 0", async () => {
  const demo = runScript(root, "demo", { args: ["--seed", "7"] });
  expect(await demo.ended, demo.output()).toBe(0);
  const output = demo.output();
  expect(output.match(/^ +[\d.]+ s {2}stored .* acknowledged in /gm)).toHaveLength(34);
  expect(
    output.match(/^ {2}(?!ok)(\w+ ?\w+) +\d+( |$)/gm)?.map((row) => row.trim().split(/ {2,}/)),
  ).toEqual([
    ["delivered", "54"],
    ["acked", "46"],
    ["duplicates suppressed", "8"],
    ["conflicts", "2"],
    ["refused", "8"],
    ["fetched", "3"],
    ["callbacks run", "42"],
    ["retried", "5"],
    ["dead", "1"],
  ]);
  expect(output).toMatch(/acked +46 +p50 \d+\.\d ms, p99 \d+\.\d ms/);
  expect(output.match(/^ {2}ok {5}/gm)).toHaveLength(13);
  expect(output).not.toContain("\u001b");
});

describe.concurrent("a planted fault", () => {
  it("makes it exit 1 when a duplicate reaches the callback", async () => {
    const { exitCode, wrong } = await run((options) =>
      createReceiver({ ...options, store: forgetful() }),
    );
    expect(exitCode).toBe(1);
    expect(wrong).toContain("37 jobs ≠ 47 callbacks that ended well");
  });

  it("makes it exit 1 when an acknowledged result is not handled", async () => {
    const { exitCode, wrong } = await run((options) =>
      createReceiver({ ...options, onFailed() {} }),
    );
    expect(exitCode).toBe(1);
    expect(wrong).toContain("37 jobs ≠ 32 handled exactly once");
  });

  it("makes it exit 1 when the callback is handed another result", async () => {
    const { exitCode, wrong } = await run((options) =>
      createReceiver({
        ...options,
        onSucceeded: (job, ctx) => options.onSucceeded?.({ ...job, credits_used: 99 }, ctx),
      }),
    );
    expect(exitCode).toBe(1);
    expect(wrong).toContain("37 jobs ≠ 5 handled with their own result");
  });

  it("makes it exit 1 when a bad delivery is taken", async () => {
    const { exitCode, wrong } = await run(createGullible);
    expect(exitCode).toBe(1);
    expect(wrong).toContain("54 sent ≠ 48 answered as documented");
  });
});

it("says how it is called", async () => {
  const demo = runScript(root, "demo", { args: ["--sed", "7"] });
  expect(await demo.ended).toBe(2);
  expect(demo.output()).toContain("Usage: demo [--seed N] [--keep]");
});

/** A store that holds every delivery to be the first. */
function forgetful() {
  const store = memoryStore();
  let deliveries = 0;
  const ingest: typeof store.ingest = (delivery, o) =>
    store.ingest({ ...delivery, jobId: `${delivery.jobId}#${deliveries++}` }, o);
  return { ...store, ingest };
}

/** A receiver that answers 200 to whatever is no JSON. */
function createGullible(options: ReceiverOptions) {
  const receiver = createReceiver(options);
  const handle: typeof receiver.handle = async (delivery) => {
    const ack = await receiver.handle(delivery);
    return ack.status === 400 ? { status: 200, headers: {}, body: '{"received":true}' } : ack;
  };
  return { ...receiver, handle };
}
