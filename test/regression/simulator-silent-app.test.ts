import { createSimulator, type SimulatorOptions } from "@abstrakt-webhooks/testing/simulator";
import { afterEach, expect, it, vi } from "vitest";
import { until } from "./support.ts";

afterEach(() => vi.useRealTimers());

/** A simulator whose one job is delivered in process. */
async function simulatorWith(fetch: () => Promise<Response>, options: SimulatorOptions = {}) {
  let calls = 0;
  const simulator = createSimulator({
    latency: { minMs: 0, maxMs: 0 },
    timeoutMs: 60_000,
    fetch() {
      calls += 1;
      return fetch();
    },
    ...options,
  });
  await simulator.fetch(
    new Request("http://abstrakt.test/v1/models/simulated-image/run", {
      method: "POST",
      headers: { authorization: `Bearer ${simulator.apiKey}` },
      body: JSON.stringify({ input: {}, webhook_url: "http://app.test/hook" }),
    }),
  );
  return { simulator, called: () => until(() => calls > 0) };
}

const never = (): Promise<never> => new Promise(() => undefined);
const endless = async (): Promise<Response> => new Response(new ReadableStream({ pull: never }));

it.each([
  ["never answers", never],
  ["never ends its body", endless],
])("an app that %s in process gets `timeoutMs`", async (_, fetch) => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { simulator } = await simulatorWith(fetch);
  await vi.advanceTimersByTimeAsync(59_999);
  expect(simulator.deliveries()).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_000);
  await simulator.idle();
  expect(simulator.deliveries()).toMatchObject([{ attempt: 1, error: "timeout" }]);
  await simulator.close();
});

it.each([
  ["never answers", never],
  ["never ends its body", endless],
])("close() ends although an app in process %s", async (_, fetch) => {
  const { simulator, called } = await simulatorWith(fetch);
  await called();
  await simulator.close();
  await simulator.idle();
  expect(simulator.deliveries()).toEqual([]);
});

it("close() ends although a `sleep` of the user's own ignores its signal", async () => {
  const { simulator } = await simulatorWith(never, { sleep: never });
  await simulator.close();
  await simulator.idle();
  expect(simulator.deliveries()).toEqual([]);
});

it("what an app answers after its timeout changes nothing", async () => {
  const late: { answer: (response: Response) => void; fail: (error: Error) => void }[] = [];
  const { simulator } = await simulatorWith(
    () => new Promise((answer, fail) => late.push({ answer, fail })),
    { timeoutMs: 20, resend: { maxAttempts: 2, minDelayMs: 0 } },
  );
  await simulator.idle();
  late[0]?.fail(new Error("The app fails late."));
  late[1]?.answer(new Response());
  // A rejection that nobody handles fails this run.
  await new Promise((resolve) => setTimeout(resolve));
  expect(late).toHaveLength(2);
  expect(simulator.deliveries()).toMatchObject([{ error: "timeout" }, { error: "timeout" }]);
  await simulator.close();
});
