import { describe, expect, it, vi } from "vitest";
import { memoryStore } from "../../src/index.ts";
import { boot, succeeded } from "./support.ts";

const text = JSON.stringify(succeeded("a"));

function request(body: BodyInit | null, headers: Record<string, string> = {}): Request {
  const init = { method: "POST", body, headers, duplex: "half" };
  return new Request("https://app.test/hook", init);
}

function streamOf(...chunks: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      const chunk = chunks.shift();
      if (chunk) controller.enqueue(chunk);
      else controller.close();
    },
  });
}

describe("fetch accepts a body in each form", () => {
  const bytes = new TextEncoder().encode(JSON.stringify(succeeded("jöb")));
  const split = bytes.indexOf(0xc3) + 1;
  it.each<[name: string, body: BodyInit, headers?: Record<string, string>]>([
    ["as text", text],
    ["with its length", text, { "content-length": String(text.length) }],
    ["in chunks that split a character", streamOf(bytes.subarray(0, split), bytes.subarray(split))],
    ["in chunks of nothing", streamOf(new Uint8Array(), bytes, new Uint8Array())],
    ["with a byte order mark", `\uFEFF${text}`],
    ["with any content type", text, { "content-type": "text/plain; charset=utf-8" }],
    ["with the content encoding identity", text, { "content-encoding": " Identity " }],
  ])("%s", async (_name, body, headers) => {
    const onSucceeded = vi.fn();
    const { receiver } = boot({ onSucceeded });
    const response = await receiver.fetch(request(body, headers));
    expect([response.status, await response.json()]).toEqual([200, { received: true }]);
    await receiver.idle();
    expect(onSucceeded).toHaveBeenCalledTimes(1);
  });
});

describe("fetch refuses a body that it cannot read", () => {
  const used = request(text);
  const locked = request(text);
  const torn = new ReadableStream({
    pull: (controller) => controller.error(new Error("connection reset")),
  });
  it.each<[name: string, request: () => Promise<Request> | Request, status: number, code: string]>([
    ["no body", () => request(null), 400, "malformed"],
    ["already read", async () => (await used.text(), used), 400, "body_consumed"],
    ["locked by another reader", () => (locked.body?.getReader(), locked), 400, "body_consumed"],
    ["that breaks off", () => request(torn), 400, "body_aborted"],
    ["compressed", () => request(text, { "content-encoding": "gzip" }), 415, "content_encoding"],
    ["too large", () => request(text.repeat(9)), 413, "body_too_large"],
    [
      "longer than its content-length",
      () => request(text.repeat(9), { "content-length": "9" }),
      413,
      "body_too_large",
    ],
  ])("%s", async (_name, make, status, code) => {
    const store = memoryStore();
    const { receiver } = boot({ store, limits: { maxBodyBytes: 2 * text.length } });
    const response = await receiver.fetch(await make());
    expect([response.status, await response.json()]).toEqual([
      status,
      { received: false, error: { code, message: expect.any(String) } },
    ]);
    expect((await store.list({ limit: 9 })).records).toEqual([]);
  });
});

it("fetch answers 413 at the limit, reads on up to a bound, and then cancels the body", async () => {
  let pulled = 0;
  const cancel = vi.fn();
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array((pulled += 1) && 1_000_000)),
    cancel,
  });
  const { receiver } = boot({ limits: { maxBodyBytes: 10_000 } });
  expect((await receiver.fetch(request(endless))).status).toBe(413);
  await expect.poll(() => cancel.mock.calls.length).toBeGreaterThan(0);
  expect(cancel).toHaveBeenCalledTimes(1);
  expect(pulled).toBeLessThan(25);
});

it("fetch tells the caller how to deliver when the method is another", async () => {
  const response = await boot().receiver.fetch(new Request("https://app.test/hook"));
  expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
});
