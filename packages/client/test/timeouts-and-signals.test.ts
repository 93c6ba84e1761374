import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { createClient } from "../src/create-client.ts";
import { realHost } from "../src/host.ts";
import { createTestClient, failureOf, json, KEY, serve, submit, type Answer } from "./support.ts";

const silent: Answer = () => undefined;
const trickling: Answer = (response) => {
  response.writeHead(202, { "content-type": "application/json" }).write("{");
};

describe("a call that exceeds its timeout", () => {
  it.each([
    ["a server that is silent", silent],
    ["a server that stops within its body", trickling],
  ])("is aborted: %s", async (_, answer) => {
    const { url } = await serve(answer);
    const { client } = createTestClient(url, { timeoutMs: 100 });
    expect(await failureOf(submit(client))).toMatchObject({
      code: "api_unavailable",
      mayHaveStarted: true,
      message: expect.stringContaining("got no whole answer within 100 ms"),
    });
    const error = await failureOf(client.getJob("job_1"));
    expect(error).toMatchObject({ code: "api_unavailable" });
    expect(error.mayHaveStarted).toBeUndefined();
  });

  it("is aborted although its `fetch` ignores its signal", async () => {
    const fetch = () => new Promise<Response>(() => undefined);
    const { client } = createTestClient("http://localhost", { timeoutMs: 50, fetch });
    expect((await failureOf(client.getJob("job_1"))).code).toBe("api_unavailable");
  });
});

describe("a caller's signal", () => {
  it("aborts a call with its reason, and keeps no listener", async () => {
    const { url, seen } = await serve(silent);
    const client = createClient({ apiKey: KEY, baseUrl: url });
    const controller = new AbortController();
    const call = submit(client, controller.signal);
    await expect.poll(() => seen.length).toBe(1);
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });

  it("aborts a pause", async () => {
    const controller = new AbortController();
    const pause = realHost.sleep(60_000, controller.signal);
    controller.abort(new Error("enough"));
    await expect(pause).rejects.toThrow("enough");
  });

  it("that was aborted earlier prevents the request", async () => {
    const { url, seen } = await serve(silent);
    const call = submit(createTestClient(url).client, AbortSignal.abort(new Error("before")));
    await expect(call).rejects.toThrow("before");
    expect(seen).toEqual([]);
  });

  it("keeps no listener when a call succeeds", async () => {
    const { url } = await serve(json(200, { job_id: "job_1", status: "processing" }));
    const { signal } = new AbortController();
    await createTestClient(url).client.getJob("job_1", { signal });
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});
