import { describe, expect, it } from "vitest";
import { AbstraktWebhookError, type HttpDelivery, memoryStore } from "../../src/index.ts";
import { bodyOf, boot, deliver, failed, post, succeeded } from "./support.ts";

const raw = (text: string): HttpDelivery =>
  post(undefined, { body: async () => ({ bytes: new TextEncoder().encode(text) }) });

const rejecting = (code: AbstraktWebhookError["code"]): HttpDelivery =>
  post(undefined, {
    body: async () => {
      throw new AbstraktWebhookError(code, "canary");
    },
  });

describe("accepted requests are answered 200", () => {
  it.each([
    ["a success", succeeded("a"), { received: true }],
    ["a failure", failed("a"), { received: true }],
    [
      "a job that is still running",
      { job_id: "a", status: "processing" },
      { received: true, ignored: true },
    ],
    ["an unknown status", { job_id: "a", status: "lost" }, { received: true, ignored: true }],
    ["an unknown shape", { job_id: "a", status: "succeeded" }, { received: true, ignored: true }],
    ["the id __proto__", succeeded("__proto__"), { received: true }],
    ["an id of 256 characters", succeeded("x".repeat(256)), { received: true }],
  ])("%s", async (_name, payload, body) => {
    const ack = await deliver(boot().receiver, payload);
    expect(ack).toMatchObject({ status: 200, headers: { "content-type": "application/json" } });
    expect(bodyOf(ack)).toEqual(body);
  });

  it("a repeat and a contradiction have their own answers, also after the result was handled", async () => {
    const { receiver } = boot();
    await deliver(receiver, succeeded("a"));
    await receiver.idle();
    expect(bodyOf(await deliver(receiver, succeeded("a")))).toEqual({
      received: true,
      duplicate: true,
    });
    expect(bodyOf(await deliver(receiver, failed("a")))).toEqual({
      received: true,
      conflict: true,
    });
  });
});

describe("refused requests are answered in one shape", () => {
  it.each([
    ["GET", post(succeeded("a"), { method: "GET" }), 405, "method_not_allowed"],
    ["HEAD", post(succeeded("a"), { method: "HEAD" }), 405, "method_not_allowed"],
    ["an empty body", raw(""), 400, "malformed"],
    ["white space", raw(" \n"), 400, "malformed"],
    ["half a body", raw('{"job_id":"a","sta'), 400, "malformed"],
    ["a primitive", raw("42"), 400, "malformed"],
    ["a list", raw("[]"), 400, "malformed"],
    ["no id", raw('{"status":"succeeded"}'), 400, "malformed"],
    ["an id that is no text", raw('{"job_id":7,"status":"failed"}'), 400, "malformed"],
    ["an empty id", raw('{"job_id":"","status":"failed"}'), 400, "malformed"],
    ["a lone surrogate", raw(String.raw`{"job_id":"\ud800","status":"failed"}`), 400, "malformed"],
    [
      "deep nesting",
      raw(`{"job_id":"a","x":${"[".repeat(1e5)}${"]".repeat(1e5)}}`),
      400,
      "malformed",
    ],
    ["no UTF-8", post(0, { body: async () => ({ bytes: Uint8Array.of(0xff) }) }), 400, "malformed"],
    [
      "a parser that has left nothing",
      post(0, { body: async () => ({ parsed: undefined }) }),
      400,
      "malformed",
    ],
    ["a consumed body", rejecting("body_consumed"), 400, "body_consumed"],
    ["an aborted body", rejecting("body_aborted"), 400, "body_aborted"],
    ["too many bytes", rejecting("body_too_large"), 413, "body_too_large"],
    ["a compressed body", rejecting("content_encoding"), 415, "content_encoding"],
    ["a body that throws at once", post(0, { body: () => rejectAtOnce() }), 500, "internal"],
  ])("%s", async (_name, delivery, status, code) => {
    const store = memoryStore();
    const { receiver, of } = boot({ store });
    const ack = await receiver.handle(delivery);
    expect(ack.status).toBe(status);
    expect(bodyOf(ack)).toEqual({ received: false, error: { code, message: expect.any(String) } });
    expect(ack.body).not.toContain("canary");
    expect(of("refused")).toMatchObject([{ status, reason: code, ackMs: expect.any(Number) }]);
    expect(Object.values(await store.stats())).toEqual([0, 0, 0, 0, 0]);
  });

  it("the answer to a refused request says how to deliver", async () => {
    const ack = await boot().receiver.handle(post(succeeded("a"), { method: "PUT" }));
    expect(ack.headers).toMatchObject({ allow: "POST" });
  });

  it.each([
    ["bytes", post(succeeded("a".repeat(99)))],
    ["a parsed body", post(0, { body: async () => ({ parsed: succeeded("ä".repeat(60)) }) })],
  ])(
    "the receiver counts the bytes that arrive, whatever content-length says: %s",
    async (_name, delivery) => {
      const ack = await boot({ limits: { maxBodyBytes: 200 } }).receiver.handle(delivery);
      expect(ack.status).toBe(413);
    },
  );

  it("a full store is answered with a time to retry", async () => {
    const { receiver } = boot({
      store: memoryStore({ maxLive: 1 }),
      onSucceeded: () => new Promise(() => {}),
    });
    await deliver(receiver, succeeded("a"));
    const ack = await deliver(receiver, succeeded("b"));
    expect(ack).toMatchObject({
      status: 503,
      headers: { "retry-after": expect.stringMatching(/^\d+$/) },
    });
    expect(bodyOf(ack)).toMatchObject({ received: false, error: { code: "store_unavailable" } });
  });
});

it("a body that an earlier parser has read is accepted", async () => {
  const { receiver } = boot();
  const ack = await receiver.handle(post(0, { body: async () => ({ parsed: succeeded("a") }) }));
  expect(bodyOf(ack)).toEqual({ received: true });
});

it("a parsed value that JSON cannot hold is refused", async () => {
  const parsed = { ...succeeded("a"), credits_used: 1n };
  const ack = await boot().receiver.handle(post(0, { body: async () => ({ parsed }) }));
  expect(ack.status).toBe(400);
});

function rejectAtOnce(): never {
  throw new RangeError("canary");
}
