import { request } from "node:http";
import { createSimulator } from "@abstrakt-webhooks/testing/simulator";
import { describe, expect, it, onTestFinished } from "vitest";
import { createTestSimulator, WEBHOOK_URL } from "./support.ts";

describe("configure", () => {
  it("changes what happens to later jobs, one option at a time", async () => {
    const { simulator, submit } = createTestSimulator({ latency: { minMs: 5, maxMs: 5 } });
    await submit();
    simulator.configure({ duplicateRate: 1 });
    await submit();
    simulator.configure({ failureRate: 1, latency: { minMs: 9, maxMs: 9 } });
    await submit();
    simulator.configure({ dropRate: 1 });
    await submit();
    await simulator.idle();
    const plans = simulator.jobs().map(({ plan: { status, latencyMs, deliveries } }) => ({
      status,
      latencyMs,
      kinds: deliveries.map(({ kind }) => kind),
    }));
    expect(plans).toEqual([
      { status: "succeeded", latencyMs: 5, kinds: ["normal"] },
      { status: "succeeded", latencyMs: 5, kinds: ["normal", "duplicate"] },
      { status: "failed", latencyMs: 9, kinds: ["normal", "duplicate"] },
      { status: "failed", latencyMs: 9, kinds: [] },
    ]);
  });

  it("accepts another seed, and never repeats a job id", async () => {
    const { simulator, submit } = createTestSimulator({ seed: 1 });
    const first = await submit();
    simulator.configure({ seed: 2 });
    expect(simulator.seed).toBe(2);
    const second = await submit();
    simulator.configure({ seed: 1 });
    expect(new Set([first, second, await submit()]).size).toBe(3);

    const again = createTestSimulator({ seed: 1 });
    expect(await again.submit()).toBe(first);
    again.simulator.configure({ seed: 2 });
    expect(await again.submit()).toBe(second);
  });

  it("changes nothing when one of the options is invalid", async () => {
    const { simulator, submit } = createTestSimulator();
    const wrong = { seed: 9, failureRate: 1, dropRate: 2 };
    expect(() => simulator.configure(wrong)).toThrow(
      "Expected `dropRate` to be a number between 0 and 1, got 2.",
    );
    await submit();
    await simulator.idle();
    expect(simulator.seed).toBe(1);
    expect(simulator.jobs()[0]?.plan.status).toBe("succeeded");
  });

  it.each([
    [{ dropRates: 1 }, "Unknown option `dropRates`. Did you mean `dropRate`?"],
    [{ timeoutMs: 1 }, "Unknown option `timeoutMs`. Known: seed, latency,"],
    [null, "Expected `options` to be an object, got null."],
  ])("refuses %o", (changes, message) => {
    const { simulator } = createTestSimulator();
    expect(() => simulator.configure(changes as never)).toThrow(message);
  });
});

describe("webhookUrl", () => {
  it("receives the results of the jobs that name no URL, and no others", async () => {
    const { simulator, post, submit } = createTestSimulator({
      webhookUrl: "http://forward.test/hook",
    });
    await post({ input: {} });
    await submit();
    await simulator.idle();
    const urls = simulator.deliveries().map(({ url }) => url);
    expect(urls.sort()).toEqual([WEBHOOK_URL, "http://forward.test/hook"]);
  });
});

describe("listen", () => {
  it.each([
    [70_000, "Expected `port` to be at most 65535, got 70000."],
    ["3000", "Expected `port` to be a whole number of at least 0, got string."],
  ])("refuses the port %o", async (port, message) => {
    const listening = createSimulator().listen(port as number);
    await expect(listening).rejects.toMatchObject({ code: "invalid_options", message });
  });

  it.each([
    ["127.0.0.1", 404],
    ["localhost:8080", 404],
    ["[::1]:1", 404],
    ["evil.example", 403],
    ["localhost.evil.example", 403],
    ["127.0.0.1.evil.example:80", 403],
  ])("a request with `Host: %s` is answered %i", async (host, status) => {
    const simulator = createSimulator();
    onTestFinished(() => simulator.close());
    const url = `${await simulator.listen()}/outputs/none.png`;
    const answered = await new Promise<number | undefined>((resolve, reject) => {
      const sent = request(url, { headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.once("error", reject).end();
    });
    expect(answered).toBe(status);
  });
});
