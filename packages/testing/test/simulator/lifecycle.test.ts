import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createSimulator, type Simulator } from "@abstrakt-webhooks/testing/simulator";
import { describe, expect, it, onTestFinished } from "vitest";
import { createTestSimulator } from "./support.ts";

const hostGlobals = { Request, Response };

async function startEndpoint(
  respond: (path: string) => { status: number; location?: string } | undefined,
) {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    paths.push(path);
    request.resume().on("end", () => {
      const answer = respond(path);
      if (answer === undefined) return;
      if (answer.location !== undefined) response.setHeader("location", answer.location);
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end('{"received":true}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { paths, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

async function submitOverHttp(simulator: Simulator, baseUrl: string, webhook_url: string) {
  const response = await fetch(`${baseUrl}/v1/models/simulated-video/run`, {
    method: "POST",
    headers: { authorization: `Bearer ${simulator.apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ input: { prompt: "waves" }, webhook_url }),
  });
  expect(response.status).toBe(202);
}

function startSimulator(options: Parameters<typeof createSimulator>[0] = {}): Simulator {
  const simulator = createSimulator({ seed: 1, latency: { minMs: 0, maxMs: 0 }, ...options });
  onTestFinished(() => simulator.close());
  return simulator;
}

describe("the simulator over HTTP", () => {
  it("accepts a job, delivers its result and serves its output", async () => {
    const endpoint = await startEndpoint(() => ({ status: 200 }));
    const simulator = startSimulator();
    const baseUrl = await simulator.listen();
    await submitOverHttp(simulator, baseUrl, endpoint.url);
    await simulator.idle();
    expect(simulator.deliveries()).toMatchObject([{ status: 200, body: { received: true } }]);
    const { result } = simulator.jobs()[0] ?? {};
    if (result?.status !== "succeeded") throw new Error("expected a succeeded job");
    const output = await fetch(result.output.items[0]?.url ?? "");
    expect(output.headers.get("content-type")).toBe("video/mp4");
    const bytes = new Uint8Array(await output.arrayBuffer());
    expect(output.headers.get("content-length")).toBe(String(bytes.length));
    expect(new TextDecoder().decode(bytes.subarray(4, 8))).toBe("ftyp");
  });

  it("stops waiting for a silent endpoint after timeoutMs", async () => {
    const endpoint = await startEndpoint(() => undefined);
    const simulator = startSimulator({ timeoutMs: 500 });
    await submitOverHttp(simulator, await simulator.listen(), endpoint.url);
    await simulator.idle();
    expect(endpoint.paths).toEqual(["/hook"]);
    expect(simulator.deliveries()).toMatchObject([{ error: "timeout" }]);
  });

  it("does not follow a redirect", async () => {
    const endpoint = await startEndpoint(() => ({ status: 308, location: "/hook/" }));
    const simulator = startSimulator();
    await submitOverHttp(simulator, await simulator.listen(), endpoint.url);
    await simulator.idle();
    expect(endpoint.paths).toEqual(["/hook"]);
    expect(simulator.deliveries()).toMatchObject([{ status: 308 }]);
  });

  it("does not replace globals of the process", async () => {
    await startSimulator().listen();
    expect(globalThis.Request).toBe(hostGlobals.Request);
    expect(globalThis.Response).toBe(hostGlobals.Response);
  });

  it("rejects on a port that is in use", async () => {
    const { port } = new URL(await startSimulator().listen());
    await expect(startSimulator().listen(Number(port))).rejects.toThrow("EADDRINUSE");
  });

  it("accepts and delivers nothing after it is closed, and idle() still resolves", async () => {
    const endpoint = await startEndpoint(() => ({ status: 200 }));
    const simulator = startSimulator({ latency: { minMs: 3_600_000, maxMs: 3_600_000 } });
    const baseUrl = await simulator.listen();
    await submitOverHttp(simulator, baseUrl, endpoint.url);
    await simulator.close();
    await simulator.idle();
    expect(endpoint.paths).toEqual([]);
    await expect(fetch(`${baseUrl}/v1/jobs/job_1`)).rejects.toThrow();
  });

  it("aborts a delivery under way when it is closed", async () => {
    const endpoint = await startEndpoint(() => undefined);
    const simulator = startSimulator();
    await submitOverHttp(simulator, await simulator.listen(), endpoint.url);
    await expect.poll(() => endpoint.paths).toEqual(["/hook"]);
    await simulator.close();
    expect(simulator.deliveries()).toEqual([]);
  });
});

describe("the seed of the simulator", () => {
  const faults = { failureRate: 0.3, duplicateRate: 0.3, dropRate: 0.2, reorderRate: 0.3 };

  async function runTenJobs(seed?: number) {
    const { submit, simulator } = createTestSimulator({
      ...faults,
      ...(seed !== undefined && { seed }),
    });
    for (let job = 0; job < 10; job++) await submit();
    await simulator.idle();
    return simulator.jobs().map(({ plan }) => plan);
  }

  it("decides, with the submissions, the ids and results of the jobs; another seed gives others", async () => {
    expect(await runTenJobs(5)).toEqual(await runTenJobs(5));
    expect(await runTenJobs(5)).not.toEqual(await runTenJobs(6));
  });

  it("is new by default and can be read, so that a run can be repeated", () => {
    const [first, second] = [createSimulator(), createSimulator()];
    expect(first.seed).not.toBe(second.seed);
    expect(createSimulator({ seed: first.seed }).seed).toBe(first.seed);
  });
});

it.each([
  [{ failureRate: 1.1 }, "Expected `failureRate` to be a number between 0 and 1, got 1.1."],
  [{ dropRate: -0.1 }, "Expected `dropRate` to be a number between 0 and 1, got -0.1."],
  [{ reorderRate: Number.NaN }, "`reorderRate` to be a number between 0 and 1, got NaN."],
  [{ duplicateRate: "1" }, "`duplicateRate` to be a number between 0 and 1, got string."],
  [{ dropRates: 1 }, "Unknown option `dropRates`. Did you mean `dropRate`?"],
  [null, "Expected `options` to be an object, got null."],
  [{ seed: Number.NaN }, "Expected `seed` to be a whole number of at least 0, got NaN."],
  [{ seed: "7" }, "Expected `seed` to be a whole number of at least 0, got string."],
  [{ latency: 5 }, "Expected `latency` to be an object, got 5."],
  [{ latency: { minMs: 5, maxMs: 1 } }, "at least `latency.minMs`, which is 5, got 1."],
  [{ latency: { minMs: -1, maxMs: 1 } }, "Expected `latency.minMs` to be a number of milliseconds"],
  [{ latency: { minMs: 0, maxMs: 3e9 } }, "milliseconds from 0 to 2147483647, got 3000000000."],
  [{ latency: { min: 1, maxMs: 1 } }, "Unknown option `latency.min`. Did you mean"],
  [{ timeoutMs: Infinity }, "a number of milliseconds from 1 to 2147483647, got Infinity."],
  [{ timeoutMs: 0 }, "Expected `timeoutMs` to be a number of milliseconds from 1"],
  [
    { resend: { maxAttempts: 0, minDelayMs: 0 } },
    "Expected `resend.maxAttempts` to be a whole number of at least 1, got 0.",
  ],
  [{ resend: { maxAttempts: 2 } }, "Expected `resend.minDelayMs` to be a number of milliseconds"],
  [{ resend: { maxAttempt: 2 } }, "Did you mean `resend.maxAttempts`?"],
  [{ apiKey: "" }, "Expected `apiKey` to be a string of visible ASCII characters, got string."],
  [{ webhookUrl: "app.test/hook" }, "Expected `webhookUrl` to be an absolute http(s) URL"],
  [{ onDelivery: {} }, "Expected `onDelivery` to be a function, got object."],
  [{ fetch: {} }, "Expected `fetch` to be a function, got object."],
  [{ clock: 0 }, "Expected `clock` to be a function, got 0."],
  [{ sleep: 0 }, "Expected `sleep` to be a function, got 0."],
])("createSimulator refuses %o", (options, message) => {
  expect(() => createSimulator(options as never)).toThrow(
    expect.objectContaining({
      code: "invalid_options",
      message: expect.stringContaining(message),
    }),
  );
});
