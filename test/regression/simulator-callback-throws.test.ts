import { createSimulator, type SimulatorOptions } from "@abstrakt-webhooks/testing/simulator";
import { expect, it } from "vitest";

const answer = async (): Promise<Response> => Response.json({ received: true });

/** A simulator with two jobs, whose results are sent twice each. */
async function simulatorWith(options: SimulatorOptions) {
  const simulator = createSimulator({
    latency: { minMs: 0, maxMs: 0 },
    duplicateRate: 1,
    fetch: answer,
    ...options,
  });
  const submit = (): Promise<Response> =>
    simulator.fetch(
      new Request("http://abstrakt.test/v1/models/simulated-image/run", {
        method: "POST",
        headers: { authorization: `Bearer ${simulator.apiKey}` },
        body: JSON.stringify({ input: {}, webhook_url: "http://app.test/hook" }),
      }),
    );
  await Promise.all([submit(), submit()]);
  return simulator;
}

let calls = 0;
const failures: readonly (readonly [string, SimulatorOptions["onDelivery"]])[] = [
  [
    "throws",
    () => {
      throw new Error(`call ${++calls}`);
    },
  ],
  ["rejects", () => Promise.reject(new Error(`call ${++calls}`))],
];

it.each(failures)(
  "when onDelivery %s, all results are sent, and idle() and close() reject with its first error",
  async (_, onDelivery) => {
    calls = 0;
    const simulator = await simulatorWith({ ...(onDelivery && { onDelivery }) });
    const baseUrl = await simulator.listen();
    await expect(simulator.idle()).rejects.toThrow("call 1");
    expect(calls).toBe(4);
    expect(simulator.deliveries()).toHaveLength(4);
    await expect(simulator.close()).rejects.toThrow("call 1");
    await expect(fetch(`${baseUrl}/v1/jobs/job_1`)).rejects.toThrow("fetch failed");
  },
);

it("when onDelivery fails, the delivery is still repeated as `resend` says", async () => {
  const simulator = await simulatorWith({
    duplicateRate: 0,
    resend: { maxAttempts: 3, minDelayMs: 0 },
    fetch: async () => new Response(null, { status: 503 }),
    onDelivery() {
      throw undefined;
    },
  });
  await expect(simulator.idle()).rejects.toBeUndefined();
  const attempts = simulator.deliveries().map(({ attempt }) => attempt);
  expect(attempts.toSorted((a, b) => a - b)).toEqual([1, 1, 2, 2, 3, 3]);
});

it.each([
  ["sleep rejects", { sleep: () => Promise.reject(new Error("no sleep")) }, "no sleep"],
  ["clock returns no time", { clock: () => Number.NaN }, "Invalid time value"],
])("when %s, idle() and close() reject with the error", async (_, options, message) => {
  const simulator = await simulatorWith(options);
  await expect(simulator.idle()).rejects.toThrow(message);
  await expect(simulator.close()).rejects.toThrow(message);
});

it("idle() waits for the promises of onDelivery, and close() does not", async () => {
  const ends: (() => void)[] = [];
  const simulator = await simulatorWith({
    duplicateRate: 0,
    onDelivery: () => new Promise<void>((resolve) => ends.push(resolve)),
  });
  await expect.poll(() => ends).toHaveLength(2);
  let isIdle = false;
  const idle = simulator.idle().then(() => (isIdle = true));
  ends[0]?.();
  await new Promise((resolve) => setTimeout(resolve));
  expect(isIdle).toBe(false);
  await simulator.close();
  await idle;
  expect(simulator.deliveries()).toHaveLength(2);
});
