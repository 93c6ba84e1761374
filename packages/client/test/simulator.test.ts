import { parsePayload } from "@abstrakt-webhooks/core";
import { createSimulator } from "@abstrakt-webhooks/testing/simulator";
import { describe, expect, it, onTestFinished } from "vitest";
import { createClient } from "../src/create-client.ts";
import { failureOf } from "./support.ts";

async function boot(apiKey?: string) {
  const simulator = createSimulator({ seed: 1, latency: { minMs: 0, maxMs: 0 } });
  const baseUrl = await simulator.listen();
  onTestFinished(() => simulator.close());
  return { simulator, client: createClient({ apiKey: apiKey ?? simulator.apiKey, baseUrl }) };
}

describe("the client against the simulator", () => {
  it("submits a job and reads its result", async () => {
    const { simulator, client } = await boot();
    const input = { prompt: "waves", simulate: { deliveries: [] } };
    const webhook_url = "http://127.0.0.1:9/api/abstrakt-webhook";
    const job = await client.run("simulated-video", { input, webhook_url });
    expect(job).toEqual({
      job_id: simulator.jobs()[0]?.jobId,
      request_id: expect.stringMatching(/^req_/),
      status: "processing",
      model_id: "simulated-video",
      message: expect.stringContaining("Poll GET"),
    });
    expect(simulator.jobs()[0]?.webhookUrl).toBe(webhook_url);
    await simulator.idle();
    const parsed = parsePayload(await client.getJob(job.job_id));
    expect(parsed).toMatchObject({ kind: "result", result: { output: { type: "video" } } });
  });

  it("submits without a webhook", async () => {
    const { simulator, client } = await boot();
    await client.run("simulated-image", { input: {} });
    expect(simulator.jobs()).toHaveLength(1);
    expect(simulator.jobs()[0]).not.toHaveProperty("webhookUrl");
  });

  it("returns undefined for an unknown job", async () => {
    const { client } = await boot();
    expect(await client.getJob("job_unknown")).toBeUndefined();
    expect(await client.getJob("a/../b?c#d")).toBeUndefined();
    expect(await client.getJob("..")).toBeUndefined();
  });

  it("reports that the key is wrong", async () => {
    const { client, simulator } = await boot("wrong_key");
    const expected = {
      code: "api_refused",
      status: 401,
      providerCode: "UNAUTHORIZED",
      message: expect.stringMatching(/got 401 for the key\. Check `apiKey`/),
    };
    const error = await failureOf(client.run("simulated-image", { input: {} }));
    expect(error).toMatchObject(expected);
    expect(error.mayHaveStarted).toBeUndefined();
    expect(await failureOf(client.getJob("job_1"))).toMatchObject(expected);
    expect(simulator.jobs()).toEqual([]);
  });

  it("reports that there is no such model", async () => {
    const { client } = await boot();
    const error = await failureOf(client.run("no such/model", { input: {} }));
    expect(error).toMatchObject({
      code: "api_refused",
      status: 404,
      providerCode: "MODEL_NOT_FOUND",
      message:
        "Expected POST /v1/models/no%20such%2Fmodel/run to be answered with a job, got 404 (MODEL_NOT_FOUND: There is no such model.). Check the model's name.",
    });
  });

  it("repeats what the API says about an input", async () => {
    const { client } = await boot();
    const error = await failureOf(client.run("simulated-image", { input: "not an object" }));
    expect(error).toMatchObject({
      code: "api_refused",
      status: 400,
      message: expect.stringContaining("(INVALID_REQUEST: Expected `input` to be an object.)"),
    });
  });
});
