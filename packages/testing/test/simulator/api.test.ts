import { parsePayload } from "@abstrakt-webhooks/core";
import { simulatedModels } from "@abstrakt-webhooks/testing/simulator";
import { describe, expect, it } from "vitest";
import { createTestSimulator } from "./support.ts";

describe("authorization", () => {
  it.each([
    ["/v1/models/simulated-image/run", "POST"],
    ["/v1/jobs/job_1", "GET"],
  ])("a wrong key is refused for %s", async (path, method) => {
    const response = await createTestSimulator().call(path, { method }, "wrong");
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { code: "UNAUTHORIZED" } });
  });

  it("a request without a key is refused", async () => {
    const { simulator } = createTestSimulator();
    const response = await simulator.fetch(new Request("http://abstrakt.test/v1/jobs/job_1"));
    expect(response.status).toBe(401);
  });
});

describe("POST /v1/models/{model}/run", () => {
  it("answers 202 as in the provider's documentation", async () => {
    const { post, simulator } = createTestSimulator();
    const response = await post({ input: { prompt: "x" } }, "nano-banana-pro-edit");
    expect(response.status).toBe(202);
    const jobId = simulator.jobs()[0]?.jobId;
    expect(await response.json()).toEqual({
      job_id: jobId,
      request_id: expect.stringMatching(/./),
      status: "processing",
      model_id: "nano-banana-pro-edit",
      message: `Model is still generating. Poll GET /v1/jobs/${jobId} for the completed result.`,
    });
  });

  it.each(["no-such-model", "__proto__"])(
    "answers that it does not know the model %s",
    async (model) => {
      const { post, simulator } = createTestSimulator();
      expect((await post({ input: {} }, model)).status).toBe(404);
      expect(simulator.jobs()).toEqual([]);
    },
  );

  it.each([
    ["no JSON", "{"],
    ["no object", []],
    ["no input", {}],
    ["a webhook_url that is no URL", { input: {}, webhook_url: "endpoint" }],
    ["a webhook_url that is not http(s)", { input: {}, webhook_url: "ftp://endpoint.test" }],
    ["an unknown status", { input: { simulate: { status: "lost" } } }],
    ["an unknown kind of delivery", { input: { simulate: { deliveries: ["lost"] } } }],
    ["a negative latency", { input: { simulate: { latencyMs: -1 } } }],
    ["a latency that no timer can wait", { input: { simulate: { latencyMs: 3e9 } } }],
    ["a misspelt field of simulate", { input: { simulate: { delivery: [] } } }],
  ])("refuses %s", async (_, body) => {
    const { post, simulator } = createTestSimulator();
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: "INVALID_REQUEST" } });
    expect(simulator.jobs()).toEqual([]);
  });
});

describe("GET /v1/jobs/{id}", () => {
  it("returns processing while the job runs, and then the same fields as the webhook", async () => {
    let end = (): void => {};
    const running = new Promise<void>((resolve) => (end = resolve));
    const { submit, call, simulator, results } = createTestSimulator({ sleep: () => running });
    const jobId = await submit();
    const before = await (await call(`/v1/jobs/${jobId}`)).json();
    expect(before).toEqual({ job_id: jobId, status: "processing", model_id: "simulated-image" });
    expect(parsePayload(before).kind).toBe("pending");
    end();
    await simulator.idle();
    const after = await (await call(`/v1/jobs/${jobId}`)).json();
    expect(parsePayload(after).kind).toBe("result");
    expect([after]).toEqual(results());
  });

  it("answers that it does not know other jobs", async () => {
    expect((await createTestSimulator().call("/v1/jobs/job_1")).status).toBe(404);
  });
});

describe("the output", () => {
  it.each([
    ["simulated-image", "image/png"],
    ["simulated-video", "video/mp4"],
    ["simulated-audio", "audio/wav"],
  ])("of %s is served as %s at the URL of its result", async (model, contentType) => {
    const { submit, simulator, results, call } = createTestSimulator();
    await submit({}, model);
    await submit({}, model);
    await simulator.idle();
    const files = await Promise.all(
      results().map(async (result) => {
        if (result.status !== "succeeded") throw new Error("expected a succeeded job");
        expect(result.credits_used).toBe(simulatedModels[model]?.credits);
        const { origin, pathname } = new URL(result.output.items[0]?.url ?? "");
        expect(origin).toBe("http://abstrakt.test");
        const response = await call(pathname);
        expect(response.headers.get("content-type")).toBe(contentType);
        const bytes = new Uint8Array(await response.arrayBuffer());
        expect(response.headers.get("content-length")).toBe(String(bytes.length));
        return bytes;
      }),
    );
    expect(files).toHaveLength(2);
    expect(files[0]).not.toEqual(files[1]);
  });

  it("does not exist for failed jobs, other extensions and unknown jobs", async () => {
    const { submit, simulator, call } = createTestSimulator();
    const failed = await submit({ status: "failed" });
    const succeeded = await submit();
    await simulator.idle();
    expect((await call(`/outputs/${succeeded}.png`)).status).toBe(200);
    expect((await call(`/outputs/${succeeded}.mp4`)).status).toBe(404);
    expect((await call(`/outputs/${failed}.png`)).status).toBe(404);
    expect((await call("/outputs/job_1.png")).status).toBe(404);
  });
});
