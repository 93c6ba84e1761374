import { fileURLToPath } from "node:url";
import {
  createReceiver,
  memoryStore,
  type Lease,
  type ReceiverOptions,
} from "@abstrakt-webhooks/core";
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

it("prints the batch and its numbers, and exits 0", async () => {
  const demo = runScript(root, "demo", { args: ["--seed", "7"] });
  expect(await demo.ended, demo.output()).toBe(0);
  const output = demo.output();
  expect(output.match(/^ +[\d.]+ s {2}stored .* acknowledged in /gm)).toHaveLength(34);
  expect(
    output.match(/^ {2}(?!ok)(\w+ ?\w+) +\d+( |$)/gm)?.map((row) => row.trim().split(/ {2,}/)),
  ).toEqual([
    ["sent", "54"],
    ["acknowledged", "46"],
    ["duplicates suppressed", "8"],
    ["conflicts", "2"],
    ["refused", "8"],
    ["fetched", "3"],
    ["callbacks run", "42"],
    ["retried", "5"],
    ["dead", "1"],
  ]);
  expect(output).toMatch(/acknowledged +46 +p50 \d+\.\d ms, p99 \d+\.\d ms/);
  expect(output.match(/^ {2}ok {5}/gm)).toHaveLength(13);
  expect(output).not.toContain("\u001b");
  expect(output).toContain("Planted, in 37 jobs and 8 other requests:");
  const planted = output
    .match(/^ +(\d+) {2}(?:results|requests) /gm)
    ?.map((row) => Number.parseInt(row, 10));
  expect(planted).toEqual([21, 6, 3, 2, 2, 3, 6, 2]);
  const words = new Set(
    output.match(/^ +[\d.]+ s {2}(\w+)/gm)?.map((line) => line.split("s  ")[1]),
  );
  for (const word of words) expect(output).toMatch(new RegExp(`^  ${word} +\\w`, "m"));
  expect(output.indexOf("Planted")).toBeLessThan(output.indexOf("Words"));
  expect(output).toMatch(/Look at next\n +examples\/express\/app.ts/);
});

describe.concurrent("a planted fault", () => {
  it("makes it exit 1 when a duplicate reaches the callback", async () => {
    const { exitCode, wrong } = await run((options) =>
      createReceiver({ ...options, store: forgetful() }),
    );
    expect(exitCode).toBe(1);
    // A duplicate that comes while the callback runs starts no second one.
    expect(wrong).toMatch(/37 jobs ≠ 4\d callbacks that ended well/);
  });

  it("makes it exit 1 when an acknowledged result is not handled", async () => {
    const { exitCode, wrong } = await run((options) =>
      createReceiver({ ...options, onFailed() {} }),
    );
    expect(exitCode).toBe(1);
    expect(wrong).toContain("37 jobs ≠ 32 handled exactly once");
  });

  it("makes it exit 1 when the callback gets another result", async () => {
    const { exitCode, wrong } = await run((options) =>
      createReceiver({
        ...options,
        onSucceeded: (job, ctx) => options.onSucceeded?.({ ...job, credits_used: 99 }, ctx),
      }),
    );
    expect(exitCode).toBe(1);
    expect(wrong).toContain("37 jobs ≠ 5 handled with their own result");
  });

  it("makes it exit 1 when a bad request is answered 200", async () => {
    const { exitCode, wrong } = await run(createGullible);
    expect(exitCode).toBe(1);
    expect(wrong).toContain("54 sent ≠ 48 answered as documented");
  });
});

it("prints its usage", async () => {
  const wrong = runScript(root, "demo", { args: ["--sed", "7"] });
  expect(await wrong.ended).toBe(2);
  expect(wrong.output()).toContain("Usage: npx -y pnpm@10 demo [--seed N] [--keep]");
  const help = runScript(root, "demo", { args: ["--help"] });
  expect(await help.ended).toBe(0);
  expect(help.output()).toContain("--keep    keep both servers running");
});

it("keeps running in a pipe, also after `--`, until SIGTERM", async () => {
  const demo = runScript(root, "demo", { args: ["--", "--keep", "--seed", "7"] });
  const text = await demo.seen(/curl (http:\S+)/);
  const { status } = await fetch(text[1] ?? "", { method: "POST" });
  expect(status).toBe(401); // the simulator still answers
  demo.terminate();
  expect(await demo.ended, demo.output()).toBe(0);
  expect(demo.output()).toContain("Draining.");
});

/** A store that recognises no duplicate: each delivery has its own row, `<job_id>#<n>`. */
function forgetful() {
  const store = memoryStore();
  let deliveries = 0;
  // The receiver gets the real job id. The fence contains the number of the row.
  const hideRow = (lease: Lease): Lease => {
    const [jobId = "", row] = lease.jobId.split("#");
    return { ...lease, jobId, fence: Number(row) * 1_000 + lease.fence };
  };
  const ingest: typeof store.ingest = async (delivery, o) => {
    const jobId = `${delivery.jobId}#${deliveries++}`;
    const stored = await store.ingest({ ...delivery, jobId }, o);
    return stored.kind === "leased" ? { kind: "leased", lease: hideRow(stored.lease) } : stored;
  };
  const claim: typeof store.claim = async (o) => (await store.claim(o)).map(hideRow);
  const settle: typeof store.settle = ({ jobId, fence }, to) =>
    store.settle({ jobId: `${jobId}#${Math.floor(fence / 1_000)}`, fence: fence % 1_000 }, to);
  return { ...store, ingest, claim, settle };
}

/** A receiver that answers 200 to a body that is not JSON. */
function createGullible(options: ReceiverOptions) {
  const receiver = createReceiver(options);
  const handle: typeof receiver.handle = async (delivery) => {
    const ack = await receiver.handle(delivery);
    return ack.status === 400 ? { status: 200, headers: {}, body: '{"received":true}' } : ack;
  };
  return { ...receiver, handle };
}

it("serves a page that shows the batch", async () => {
  let front = "";
  await runDemo({
    seed: 1,
    paint: createPaint(false),
    write: () => undefined,
    keepUp: async (_, { pageUrl }) => void (front = await (await fetch(pageUrl)).text()),
  });
  expect(front).toMatch(/\+\d duplicate/);
  expect(front).toContain("conflict");
  expect(front).toContain("dead letter");
});
