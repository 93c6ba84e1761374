import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { afterEach, describe, expect, it, vi } from "vitest";
import { nodeDelivery, type NodeRequest } from "../../src/receiver/http/node-delivery.ts";
import { pass } from "./support.ts";

const TEXT = '{"job_id":"jöb"}';
const BYTES = new TextEncoder().encode(TEXT);
const LENGTH = ["Content-Length", String(BYTES.byteLength)];
const MAX_BYTES = BYTES.byteLength;

/** A request whose sender has sent no chunk yet. It announces the length of `TEXT`. */
function requestOf(o: Partial<NodeRequest> = {}) {
  const stream = new Readable({ read: () => undefined });
  return Object.assign(stream, {
    method: "POST",
    url: "/hook",
    headers: {},
    rawHeaders: ["Host", "app.test", ...LENGTH],
    complete: false,
    ...o,
  });
}

/** A request whose whole body has arrived. */
function arrived(o?: Partial<NodeRequest>, text: string | null = TEXT) {
  const request = requestOf(o);
  if (text !== null) request.push(text);
  request.push(null);
  return request;
}

const aTurn = () => new Promise((resolve) => void setImmediate(resolve));
const bodyOf = (request: NodeRequest, maxBytes = MAX_BYTES) => nodeDelivery(request).body(maxBytes);
const asText = async (request: NodeRequest, maxBytes?: number) => {
  const body = await bodyOf(request, maxBytes);
  return "bytes" in body ? new TextDecoder().decode(body.bytes) : body;
};

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("a Node request is described by", () => {
  it("its method, and its URL before a router cut the mount path off", () => {
    const originalUrl = "/api/hook?k=1";
    expect(nodeDelivery(requestOf({ originalUrl }))).toMatchObject({
      method: "POST",
      url: originalUrl,
    });
    expect(nodeDelivery(requestOf())).toMatchObject({ url: "/hook" });
    const nothing = requestOf({ method: undefined, url: undefined });
    expect(nodeDelivery(nothing)).toMatchObject({ method: "", url: "" });
  });

  it("its headers, in any case and with their values joined", () => {
    const { header } = nodeDelivery(requestOf({ headers: { "x-key": "k", "x-many": ["1", "2"] } }));
    expect([header("X-Key"), header("x-many"), header("x-none")]).toEqual(["k", "1, 2", undefined]);
  });

  it("its version of HTTP, which is 1 if the host does not name it", () => {
    expect(nodeDelivery(requestOf())).toMatchObject({ httpVersionMajor: 1 });
    expect(nodeDelivery(requestOf({ httpVersionMajor: 2 }))).toMatchObject({ httpVersionMajor: 2 });
  });
});

describe("the body of a Node request is read", () => {
  it("from the buffer, without a listener and without the parsed headers", async () => {
    const headers = vi.fn();
    const request = Object.defineProperty(arrived(), "headers", { get: headers });
    const listen = vi.spyOn(request, "on");
    expect(await asText(request)).toBe(TEXT);
    expect(listen).not.toHaveBeenCalled();
    expect(headers).not.toHaveBeenCalled();
    await once(request, "end");
  });

  it("when its encoding is set", async () => {
    expect(await asText(arrived().setEncoding("utf8"))).toBe(TEXT);
    const later = requestOf().setEncoding("utf8");
    const text = asText(later, 1);
    later.push("{}");
    await expect(text).rejects.toMatchObject({ code: "body_too_large" });
    const chunked = arrived({ rawHeaders: ["Host", "app.test"] }).setEncoding("utf8");
    expect(await asText(chunked)).toBe(TEXT);
  });

  it("in chunks that arrive later", async () => {
    const request = requestOf();
    const text = asText(request);
    await aTurn();
    await aTurn();
    for (const byte of BYTES) request.push(Uint8Array.of(byte));
    request.push(null);
    expect(await text).toBe(TEXT);
  });

  it("when other code has paused it", async () => {
    const request = arrived({ rawHeaders: ["Host", "app.test"] });
    request.pause();
    expect(await asText(request)).toBe(TEXT);
  });

  it("when it flows already, without a lost chunk", async () => {
    expect(await asText(arrived().resume())).toBe(TEXT);
  });

  it.each([
    ["no length", ["Host", "app.test"]],
    ["no raw headers", []],
    ["a length that is no number", ["Content-Length", "many"]],
    ["a name of a header as the value of another", ["x-a", "content-length", "7", "x", ...LENGTH]],
    [
      "a header whose name has as many letters as that of the length",
      ["X-Custom-Value", "7", ...LENGTH],
    ],
  ])("with %s", async (_name, rawHeaders) => {
    expect(await asText(arrived({ rawHeaders }))).toBe(TEXT);
  });

  it("although the host answers in the same turn", async () => {
    let text: Promise<unknown> = Promise.resolve();
    const server = createServer((request, response) => {
      text = asText(request);
      response.end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const { port } = server.address() as AddressInfo;
      await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: TEXT });
      expect(await text).toBe(TEXT);
    } finally {
      server.close();
    }
  });

  it("when it is empty and its end has already come", async () => {
    const request = arrived({ rawHeaders: ["Content-Length", "0"] }, null);
    const ended = once(request, "end");
    request.read(0);
    await ended;
    expect(await asText(request)).toBe("");
  });

  it("from the host by one look-up of the next turn for all requests of a turn", async () => {
    const setImmediate = vi.fn(globalThis.setImmediate);
    const real = globalThis.setImmediate;
    globalThis.setImmediate = Object.assign((f: () => void) => setImmediate(f), real);
    try {
      await Promise.all([bodyOf(arrived()), bodyOf(arrived())]);
      expect(setImmediate).toHaveBeenCalledTimes(1);
      await bodyOf(arrived());
      expect(setImmediate).toHaveBeenCalledTimes(2);
    } finally {
      globalThis.setImmediate = real;
    }
  });
});

describe("what the host or a parser has read is the body", () => {
  const parsed = { job_id: "a" };
  it.each<[name: string, o: Partial<NodeRequest>, body: unknown]>([
    ["raw bytes", { rawBody: BYTES, body: parsed }, { bytes: BYTES }],
    ["raw text", { rawBody: TEXT, body: parsed }, { bytes: BYTES }],
    ["a body of bytes", { body: BYTES }, { bytes: BYTES }],
    ["a body of text", { body: TEXT }, { bytes: BYTES }],
    ["a parsed body", { body: parsed, rawBody: {} }, { parsed }],
    ["a list", { body: [1] }, { parsed: [1] }],
    ["null", { body: null }, { parsed: null }],
    ["a number", { body: 0 }, { parsed: 0 }],
  ])("%s", async (_name, o, body) => {
    const request = requestOf({ ...o, headers: { "content-encoding": "gzip" } });
    expect(await bodyOf(request)).toEqual(body);
  });

  it.each([[{}], [[]], [undefined]])(
    "but not %j, which a parser leaves of a body that it skips",
    async (body) => {
      expect(await asText(arrived({ body }))).toBe(TEXT);
    },
  );

  it.each([
    ["of a known length", LENGTH],
    ["of no known length", ["Host", "app.test"]],
  ])("and so is {} when the stream %s is read", async (_name, rawHeaders) => {
    const read = arrived({ rawHeaders, body: {} });
    await once(read.resume(), "end");
    expect(await bodyOf(read)).toEqual({ parsed: {} });
  });
});

const CHUNKED = { rawHeaders: ["Host", "app.test"] };
const drained = async (request: ReturnType<typeof requestOf>) => {
  await once(request.resume(), "end");
  return request;
};

describe("a body is refused that", () => {
  const gzip = { "content-encoding": "gzip" };
  const raw = ["Content-Encoding", "gzip"];
  it.each<[name: string, code: string, request: () => NodeRequest | Promise<NodeRequest>]>([
    ["is compressed", "content_encoding", () => arrived({ rawHeaders: raw, headers: gzip })],
    [
      "is compressed, on a host without raw headers",
      "content_encoding",
      () => {
        const request = arrived({ headers: gzip });
        Reflect.deleteProperty(request, "rawHeaders");
        return request;
      },
    ],
    ["other code has read", "body_consumed", () => drained(arrived())],
    ["other code has read, of no known length", "body_consumed", () => drained(arrived(CHUNKED))],
    ["is empty and has ended before", "body_consumed", () => drained(arrived(CHUNKED, null))],
    [
      "other code has read in part",
      "body_consumed",
      () => {
        const request = arrived();
        request.read(3);
        return request;
      },
    ],
    [
      "other code has read at once",
      "body_consumed",
      () => {
        const request = arrived();
        request.read();
        return request;
      },
    ],
    [
      "broke off before",
      "body_aborted",
      async () => {
        const request = requestOf(CHUNKED).destroy();
        await once(request, "close");
        return request;
      },
    ],
  ])("%s", async (_name, code, make) => {
    await expect(bodyOf(await make())).rejects.toMatchObject({ code });
  });

  it("is too large, and its later chunks do no harm", async () => {
    const request = requestOf(CHUNKED);
    const body = bodyOf(request, 3);
    const ended = once(request, "end");
    for (let times = 0; times < 3; times += 1) request.push("{}");
    request.push(null);
    await expect(body).rejects.toMatchObject({ code: "body_too_large" });
    await ended;
  });

  it("breaks off", async () => {
    const closing = requestOf();
    const body = bodyOf(closing);
    await aTurn();
    closing.destroy();
    await expect(body).rejects.toMatchObject({ code: "body_aborted" });

    const cause = new Error("read ECONNRESET");
    const failing = requestOf(CHUNKED);
    const failed = bodyOf(failing);
    failing.destroy(cause);
    await expect(failed).rejects.toMatchObject({ code: "body_aborted", cause });
  });

  it("the host offers by a getter that throws", async () => {
    const cause = new SyntaxError("no JSON");
    const get = () => {
      throw cause;
    };
    const request = Object.defineProperty(arrived(), "body", { get });
    await expect(bodyOf(request)).rejects.toMatchObject({ code: "malformed", cause });
  });
});

describe("after the answer, `close`", () => {
  it("destroys a request whose body still comes a second later", async () => {
    vi.useFakeTimers();
    const request = requestOf();
    nodeDelivery(request).close();
    await pass(999);
    expect(request.destroyed).toBe(false);
    await pass(1);
    expect(request.destroyed).toBe(true);
  });

  it("leaves a request alone whose body ends within that second", async () => {
    vi.useFakeTimers();
    const complete = { complete: false };
    const request = Object.defineProperty(requestOf(), "complete", {
      get: () => complete.complete,
    });
    nodeDelivery(request).close();
    complete.complete = true;
    await pass(1_000);
    expect(request.destroyed).toBe(false);
  });

  it("sets no timer when the body was read or has arrived", async () => {
    const read = nodeDelivery(arrived());
    await read.body(MAX_BYTES);
    vi.useFakeTimers();
    read.close();
    nodeDelivery(requestOf({ complete: true })).close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
