import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { NodeRequest } from "@abstrakt-webhooks/core/adapter";
import { abstraktWebhook, type NodeHandler } from "@abstrakt-webhooks/express";
import { createSubject, succeededPayload } from "@abstrakt-webhooks/testing";
import { describe, expect, it } from "vitest";

type Before = (request: IncomingMessage) => unknown;

/** Posts to a handler that is called after `before`, and reads the answer. */
async function post(
  body: string | undefined,
  before: Before,
  headers: Record<string, string> = {},
) {
  const { receiver, controls } = createSubject({ limits: { bodyTimeoutMs: 5_000 } });
  const webhook = abstraktWebhook(receiver);
  const server = createServer((request, response) => {
    void Promise.resolve(before(request)).then(() => webhook(request, response));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const response = await fetch(url, { method: "POST", headers, ...(body && { body }) });
    const { error } = (await response.json()) as { error?: { code: string } };
    const { records } = await controls.report();
    return { status: response.status, code: error?.code, payload: records[0]?.payload };
  } finally {
    await controls.drain();
    server.close();
  }
}

const aTurn = () => new Promise((resolve) => setTimeout(resolve, 20));
const text = JSON.stringify(succeededPayload());

describe("a Node request", () => {
  it("without a body is malformed, also when `before` has awaited something", async () => {
    for (const before of [() => undefined, aTurn]) {
      expect(await post(undefined, before)).toMatchObject({ status: 400, code: "malformed" });
    }
  });

  it("is accepted after something was awaited", async () => {
    expect(await post(text, aTurn)).toMatchObject({ status: 200, payload: text });
  });

  it("is accepted when it was paused", async () => {
    const paused: Before = (request) => request.pause();
    expect(await post(text, paused)).toMatchObject({ status: 200, payload: text });
  });

  it("is accepted when its encoding was set", async () => {
    const encoded: Before = (request) => request.setEncoding("utf8");
    expect(await post(text, encoded)).toMatchObject({ status: 200, payload: text });
  });

  it("counts as read when its end has already come", async () => {
    const drained: Before = (request) => once(request.resume(), "end");
    expect(await post(text, drained)).toMatchObject({ status: 400, code: "body_consumed" });
  });

  it.each([
    ["all", undefined],
    ["a part", 5],
  ])("counts as read when other code has read %s of it", async (_, size) => {
    const readSome: Before = async (request) => {
      await aTurn();
      request.read(size);
    };
    expect(await post(text, readSome)).toMatchObject({ status: 400, code: "body_consumed" });
  });

  it("may have a `rawBody` of text, which is used instead of the stream", async () => {
    const raw: Before = (request) => Object.assign(request, { rawBody: text });
    expect(await post('{"job_id":"b","status":"failed"}', raw)).toMatchObject({ payload: text });
  });

  it("is malformed when its `body` is a getter that throws", async () => {
    for (const name of ["body", "rawBody"]) {
      const get = () => {
        throw new SyntaxError("no JSON");
      };
      const throwing: Before = (request) => Object.defineProperty(request, name, { get });
      expect(await post(text, throwing)).toMatchObject({ status: 400, code: "malformed" });
    }
  });

  it.each(["error", "close"])(
    "counts as aborted when its event %s has already come",
    async (event) => {
      const { receiver } = createSubject({});
      const request = stubOf({ destroyed: true, readableEnded: false });
      const { status, body } = await answerOf(abstraktWebhook(receiver), request);
      expect([status, body], event).toEqual([400, expect.stringContaining("body_aborted")]);
    },
  );
});

describe("the Node handler's promise", () => {
  it("resolves when the answer is written", async () => {
    const { receiver } = createSubject({ callback: "hang" });
    const request = stubOf({ body: succeededPayload() });
    const { status } = await answerOf(abstraktWebhook(receiver), request);
    expect(status).toBe(200);
  });

  it("resolves when a response throws, also when `next` throws", async () => {
    const broken = new Error("broken");
    const fails = () => {
      throw broken;
    };
    const { receiver } = createSubject({});
    const webhook = abstraktWebhook(receiver);
    const response = { headersSent: false, writeHead: fails, end: fails };
    let destroyed = 0;
    const request = stubOf({ body: succeededPayload(), destroy: () => (destroyed += 1) });
    await expect(webhook(request, response)).resolves.toBeUndefined();
    await expect(webhook(request, response, fails)).resolves.toBeUndefined();
    expect(destroyed).toBe(2);
  });
});

function stubOf(o: Partial<NodeRequest>): NodeRequest {
  return {
    method: "POST",
    url: "/",
    headers: {},
    complete: true,
    destroyed: false,
    readableDidRead: false,
    readableEnded: false,
    read: () => null,
    on: () => undefined,
    destroy: () => undefined,
    ...o,
  };
}

async function answerOf(webhook: NodeHandler, request: NodeRequest) {
  const answer = { status: 0, body: "" };
  await webhook(request, {
    headersSent: false,
    writeHead: (status: number) => void (answer.status = status),
    end: (body: string) => void (answer.body = body),
  });
  return answer;
}
