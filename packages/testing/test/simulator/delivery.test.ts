import { createSimulator, type DeliveryRecord } from "@abstrakt-webhooks/testing/simulator";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createTestSimulator, WEBHOOK_URL } from "./support.ts";

afterEach(() => vi.useRealTimers());

describe("each kind of delivery", () => {
  it("normal: the result is posted and the answer is logged", async () => {
    const seen: DeliveryRecord[] = [];
    const { submit, simulator, received, results } = createTestSimulator({
      onDelivery: (record) => seen.push(record),
    });
    const jobId = await submit({ status: "failed" });
    await simulator.idle();
    expect(results()).toMatchObject([{ job_id: jobId, status: "failed" }]);
    expect(simulator.deliveries()).toEqual([
      {
        jobId,
        url: WEBHOOK_URL,
        sent: received[0],
        kind: "normal",
        attempt: 1,
        status: 200,
        body: { received: true },
        durationMs: expect.any(Number),
      },
    ]);
    expect(seen).toEqual(simulator.deliveries());
  });

  it("duplicate: the same bytes are sent again", async () => {
    const { submit, simulator, received } = createTestSimulator();
    await submit({ deliveries: ["normal", "duplicate", "duplicate"] });
    await simulator.idle();
    expect(received).toHaveLength(3);
    expect(new Set(received).size).toBe(1);
  });

  it("corrupt: a body that is no JSON is sent, and then the whole result", async () => {
    const { submit, simulator, received } = createTestSimulator({ corruptRate: 1 });
    await submit();
    await simulator.idle();
    const [corrupt = "", whole = ""] = received;
    expect(() => JSON.parse(corrupt)).toThrow(SyntaxError);
    expect(whole.startsWith(corrupt)).toBe(true);
    expect(JSON.parse(whole)).toMatchObject({ status: "succeeded" });
  });

  it.each(["succeeded", "failed"] as const)(
    "contradiction: a %s job also sends the opposite result",
    async (status) => {
      const { submit, simulator, results } = createTestSimulator();
      const jobId = await submit({ status, deliveries: ["normal", "conflict"] });
      await simulator.idle();
      const [first, second] = results();
      expect([first?.job_id, second?.job_id]).toEqual([jobId, jobId]);
      expect(new Set([first?.status, second?.status])).toEqual(new Set(["succeeded", "failed"]));
      expect(first?.status).toBe(status);
    },
  );

  it("dropped: only a poll finds the result", async () => {
    const { submit, simulator, received, call } = createTestSimulator({ dropRate: 1 });
    const jobId = await submit();
    await simulator.idle();
    expect(received).toEqual([]);
    expect(await (await call(`/v1/jobs/${jobId}`)).json()).toMatchObject({ status: "succeeded" });
  });

  it("without a webhook_url nothing is sent", async () => {
    const { post, simulator, received } = createTestSimulator();
    await post({ input: {} });
    await simulator.idle();
    expect(simulator.jobs()).toMatchObject([{ result: { status: "succeeded" } }]);
    expect(received).toEqual([]);
  });

  it("late: the result is sent after those of jobs submitted with it and after it", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const order: string[] = [];
    const simulator = createSimulator({
      seed: 1,
      fetch: async () => Response.json({ received: true }),
      onDelivery: ({ jobId }) => order.push(jobId),
    });
    for (const deliveries of [["late"], ["normal"], ["normal"], ["normal"]]) {
      await simulator.fetch(
        new Request("http://abstrakt.test/v1/models/simulated-image/run", {
          method: "POST",
          headers: { authorization: `Bearer ${simulator.apiKey}` },
          body: JSON.stringify({ input: { simulate: { deliveries } }, webhook_url: WEBHOOK_URL }),
        }),
      );
    }
    await vi.runAllTimersAsync();
    await simulator.idle();
    expect(order).toHaveLength(4);
    expect(order.at(-1)).toBe(simulator.jobs()[0]?.jobId);
  });

  it("late: a pause that is longer than any timer does not end at once", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { submit, simulator, received } = createTestSimulator({
      latency: { minMs: 0, maxMs: 2 ** 31 - 1 },
      sleep: undefined as never,
    });
    await submit({ latencyMs: 0, deliveries: ["late"] });
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(simulator.jobs()).toMatchObject([{ result: { status: "succeeded" } }]);
    expect(received).toEqual([]);
    await simulator.close();
  });

  it("contradiction: the second result waits for the answer to the first", async () => {
    let answer = (): void => {};
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const { submit, simulator, received } = createTestSimulator({}, async () => {
      await answered;
      return Response.json({});
    });
    await submit({ deliveries: ["normal", "duplicate", "conflict"] });
    await expect.poll(() => received).toHaveLength(2);
    await new Promise((resolve) => setImmediate(resolve));
    expect(received).toHaveLength(2);
    answer();
    await simulator.idle();
    expect(received).toHaveLength(3);
  });
});

describe("repeated deliveries", () => {
  const resend = { maxAttempts: 4, minDelayMs: 1_000 };

  it("are not made by default", async () => {
    const { submit, simulator } = createTestSimulator(
      {},
      () => new Response("no", { status: 503 }),
    );
    await submit();
    await simulator.idle();
    expect(simulator.deliveries()).toMatchObject([{ status: 503, body: "no", attempt: 1 }]);
  });

  it("come after doubling pauses until an answer is 2xx", async () => {
    const slept: number[] = [];
    const sleep = async (ms: number): Promise<void> => void slept.push(ms);
    const { submit, simulator, received } = createTestSimulator({ resend, sleep }, (call) => {
      if (call === 1) throw new TypeError("connection refused");
      return new Response(null, { status: call === 2 ? 503 : 204 });
    });
    await submit({ latencyMs: 7 });
    await simulator.idle();
    expect(
      simulator.deliveries().map(({ attempt, status, error }) => [attempt, status ?? error]),
    ).toEqual([
      [1, "network"],
      [2, 503],
      [3, 204],
    ]);
    expect(new Set(received).size).toBe(1);
    expect(slept).toEqual([7, 0, 1_000, 2_000]);
  });

  it("end after maxAttempts", async () => {
    const { submit, simulator } = createTestSimulator(
      { resend },
      () => new Response(null, { status: 500 }),
    );
    await submit();
    await simulator.idle();
    expect(simulator.deliveries().map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
  });

  it("never contain a corrupt body", async () => {
    const { submit, simulator } = createTestSimulator(
      { resend },
      (call) => new Response(null, { status: call === 1 ? 400 : 200 }),
    );
    await submit({ deliveries: ["corrupt", "normal"] });
    await simulator.idle();
    expect(simulator.deliveries().map(({ kind, status }) => [kind, status])).toEqual([
      ["corrupt", 400],
      ["normal", 200],
    ]);
  });
});
