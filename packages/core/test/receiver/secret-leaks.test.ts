import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createReceiver, memoryStore, type ReceiverOptions } from "../../src/index.ts";
import { pass, post, succeeded, useFakeTime } from "./support.ts";

useFakeTime();
const output: unknown[] = [];
beforeEach(() => {
  output.length = 0;
  for (const method of ["log", "info", "warn", "error", "debug"] as const) {
    vi.spyOn(console, method).mockImplementation((...words) => void output.push(...words));
  }
});
afterEach(() => void vi.restoreAllMocks());

const CANARY = "c4n4ry";
const url = `https://app.test/hook?k=v1.${CANARY}`;
const canaryUrl = `https://cdn.test/${CANARY}.png?sig=${CANARY}`;
const angry = (): never => {
  throw new Error(`could not fetch ${canaryUrl} for ${url} at redis://:${CANARY}@db`);
};

/** Every kind of failure, with a canary in each place that can hold a secret. */
async function goThroughIt(options: Partial<ReceiverOptions>): Promise<void> {
  const store = memoryStore({ maxLive: 3 });
  const brokenOnce = vi.fn(store.settle).mockImplementationOnce(async () => angry());
  const receiver = createReceiver({
    auth: {
      admit: ({ header }) =>
        header("x") === "refuse" ? false : header("x") === "throw" ? angry() : {},
    },
    store: { ...store, settle: brokenOnce, inspect: async () => angry() },
    onSucceeded: angry,
    onDead: angry,
    retry: { maxAttempts: 2, minDelayMs: 1 },
    ...options,
  });
  const send = async (payload: object, head = "", overrides = {}) => {
    const delivery = { url, header: () => head, ...overrides };
    const ack = await receiver.handle(post({ ...payload, note: CANARY }, delivery));
    output.push(ack);
    void ack.work?.();
    await pass(10_000);
  };
  await send(succeeded("a", canaryUrl), "refuse");
  await send(succeeded("a", canaryUrl), "throw");
  await send(succeeded("a", canaryUrl));
  await send(succeeded("a", canaryUrl));
  await send(succeeded("a", `${canaryUrl}/other`.replace("?", "/")));
  await send({ job_id: "b", status: CANARY });
  await send({ job_id: "c", status: "processing" });
  await send({ job_id: "", status: CANARY });
  await send({ job_id: "d", status: "succeeded" });
  await send(succeeded("e", canaryUrl));
  await send(succeeded("full", canaryUrl));
  await send({}, "", { body: async () => angry() });
  await send({}, "", { body: async () => ({ bytes: new TextEncoder().encode(`{"${CANARY}`) }) });
  await receiver.drain({ timeoutMs: 100 });
  await send(succeeded("late", canaryUrl));
}

it("no listener, sender or console gets a payload, URL or token", async () => {
  const events: { type: string }[] = [];
  await goThroughIt({ onEvent: (event) => void events.push(event) });
  const kinds = new Set(events.map((event) => event.type));
  const all = [
    "refused",
    "stored",
    "duplicate",
    "conflict",
    "ignored",
    "parked",
    "attempt",
    "retry",
    "dead",
    "warning",
  ];
  expect([...kinds].sort()).toEqual(all.sort());
  expect(output.length).toBeGreaterThan(12);
  expect(JSON.stringify([events, output])).not.toContain(CANARY);
});

it("warnings and dead letters on the console contain no secret", async () => {
  await goThroughIt({});
  const lines = output.filter((line) => typeof line === "string").join("\n");
  expect(lines).toMatch(/job a is dead after attempt 2 \(attempts_exhausted\)/);
  expect(lines).toMatch(/The store failed to record how job a ended/);
  expect(JSON.stringify(output)).not.toContain(CANARY);
});

it("the row contains no secret either", async () => {
  const store = memoryStore();
  const receiver = createReceiver({
    auth: "none",
    store,
    onSucceeded: angry,
    onEvent: () => undefined,
  });
  void (await receiver.handle(post(succeeded("a")))).work?.();
  await pass(1);
  const row = await store.get("a");
  expect(row?.error).toMatch(/could not fetch \[url\]/);
  expect(JSON.stringify(row)).not.toContain(CANARY);
});
