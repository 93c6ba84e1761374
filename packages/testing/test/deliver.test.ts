import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { deliver, succeededPayload } from "@abstrakt-webhooks/testing";
import { Hono } from "hono";
import { describe, expect, it, onTestFinished, vi } from "vitest";

/** An endpoint that answers with the body that it received. */
const echo = async (request: Request): Promise<Response> =>
  Response.json({
    url: request.url,
    method: request.method,
    type: request.headers.get("content-type"),
    text: await request.text(),
  });

async function startNodeServer(): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      response.setHeader("X-Seen", "yes");
      response.end(Buffer.concat(chunks));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

describe("deliver to a target", () => {
  it("posts to a URL and returns status, parsed body and headers", async () => {
    const payload = succeededPayload();
    const [answer] = await deliver(await startNodeServer(), payload);
    expect(answer).toMatchObject({ status: 200, body: payload, headers: { "x-seen": "yes" } });
  });

  it("calls anything that has fetch(request)", async () => {
    const [answer] = await deliver({ fetch: echo }, { a: 1 });
    expect(answer?.body).toEqual({
      url: "http://localhost/api/abstrakt-webhook",
      method: "POST",
      type: "application/json",
      text: '{"a":1}',
    });
  });

  it("calls a Hono app at the given URL", async () => {
    const app = new Hono().post("/hook", (c) => c.text("not JSON", 202));
    const answers = await deliver(app, {}, { url: "http://localhost/hook" });
    expect(answers).toMatchObject([{ status: 202, body: "not JSON" }]);
  });

  it("rejects when nothing listens", async () => {
    await expect(deliver("http://127.0.0.1:1/hook", {})).rejects.toThrow();
  });
});

describe("deliver with a payload", () => {
  it.each([
    ["text", '{"job_id":', '{"job_id":'],
    ["bytes", Uint8Array.of(0x7b, 0x7d), "{}"],
  ])("sends %s unchanged", async (_, payload, text) => {
    const [answer] = await deliver({ fetch: echo }, payload);
    expect(answer?.body).toMatchObject({ text });
  });
});

describe("deliver several times", () => {
  function countingTarget() {
    let underWay = 0;
    let calls = 0;
    const seen = { most: 0 };
    const fetch = async (): Promise<Response> => {
      const call = calls++;
      seen.most = Math.max(seen.most, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay--;
      return Response.json(call);
    };
    return { fetch, seen };
  }

  it.each([
    { options: {}, sent: 1, most: 1 },
    { options: { times: 5 }, sent: 5, most: 1 },
    { options: { times: 5, concurrent: 2 }, sent: 5, most: 2 },
    { options: { concurrent: 7 }, sent: 7, most: 7 },
    { options: { times: 2, concurrent: 7 }, sent: 2, most: 2 },
  ])("$options sends $sent, at most $most at once", async ({ options, sent, most }) => {
    const target = countingTarget();
    const answers = await deliver(target, {}, options);
    expect(answers.map((answer) => answer.body)).toEqual([...Array(sent).keys()]);
    expect(target.seen.most).toBe(most);
  });

  it("waits for the pause after each answer, and not before the first delivery", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    let sent = 0;
    const fetch = (): Response => Response.json(++sent);
    const answers = deliver({ fetch }, {}, { times: 3, delayMs: 1_000 });
    await vi.advanceTimersByTimeAsync(999);
    expect(sent).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toBe(2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await answers).toMatchObject([{ body: 1 }, { body: 2 }, { body: 3 }]);
  });
});

describe("deliver refuses", () => {
  it.each([
    [
      { times: 3, concurrent: 0 },
      "Expected `concurrent` to be a whole number of at least 1, got 0.",
    ],
    [
      { concurrent: Number.NaN },
      "Expected `concurrent` to be a whole number of at least 1, got NaN.",
    ],
    [{ times: -1 }, "Expected `times` to be a whole number of at least 1, got -1."],
    [{ times: 0 }, "Expected `times` to be a whole number of at least 1, got 0."],
    [{ time: 5 }, "Unknown option `time`. Did you mean `times`?"],
    [{ delayMs: 3e9 }, "Expected `delayMs` to be a number of milliseconds from 0 to 2147483647"],
    [{ delayMs: "5" }, "Expected `delayMs` to be a number of milliseconds from 0 to 2147483647"],
    [5, "Expected `options` to be an object, got 5."],
  ])("the options %o, and sends nothing", async (options, message) => {
    let sent = 0;
    const fetch = (): Response => Response.json(++sent);
    await expect(deliver({ fetch }, {}, options as never)).rejects.toMatchObject({
      code: "invalid_options",
      message: expect.stringContaining(message),
    });
    expect(sent).toBe(0);
  });

  it("a target without fetch, and a payload that is none", async () => {
    await expect(deliver({} as never, {})).rejects.toThrow(
      "Expected `target` to be a URL or an object with `fetch`, got object.",
    );
    await expect(deliver({ fetch: echo }, undefined as never)).rejects.toThrow(
      "Expected `payload` to be an object, text or bytes, got undefined.",
    );
  });
});
