import { afterEach, describe, expect, it, vi } from "vitest";
import { webDelivery, webHeaders } from "../../src/receiver/http/web-delivery.ts";
import { pass } from "./support.ts";

const MAX_BYTES = 10;
const MEGABYTE = 1_000_000;

afterEach(() => void vi.useRealTimers());

const requestOf = (body: BodyInit | null, headers: Record<string, string> = {}): Request =>
  new Request("https://app.test/hook?k=1", {
    method: "POST",
    body,
    headers,
    duplex: "half",
  } as RequestInit);

const aTurn = () => new Promise((resolve) => void setImmediate(resolve));

/** A body of which the test sends each chunk, and sees what becomes of it. */
function openBody() {
  const cancel = vi.fn();
  let sender: ReadableStreamDefaultController<Uint8Array> | undefined;
  const stream = new ReadableStream<Uint8Array>({ start: (c) => void (sender = c), cancel });
  return {
    stream,
    cancel,
    send: (byteLength: number) => sender?.enqueue(new Uint8Array(byteLength)),
    end: () => sender?.close(),
    fail: (error: Error) => sender?.error(error),
  };
}

/** Refuses a request, because its body is compressed, and closes it as after the answer. */
async function refuse(body: BodyInit): Promise<void> {
  const delivery = webDelivery(requestOf(body, { "content-encoding": "gzip" }));
  await expect(delivery.body(MAX_BYTES)).rejects.toMatchObject({ code: "content_encoding" });
  delivery.close();
}

describe("a Web request", () => {
  it("is described by its method, URL and headers", () => {
    const delivery = webDelivery(requestOf("{}", { "x-key": "k" }));
    expect(delivery).toMatchObject({ method: "POST", url: "https://app.test/hook?k=1" });
    expect([delivery.header("X-Key"), delivery.header("x-none")]).toEqual(["k", undefined]);
  });

  it("may have no body", async () => {
    expect(await webDelivery(requestOf(null)).body(MAX_BYTES)).toEqual({ bytes: new Uint8Array() });
  });

  it("counts as aborted when its stream fails, and the error has the cause", async () => {
    const { stream, fail } = openBody();
    const body = webDelivery(requestOf(stream)).body(MAX_BYTES);
    const cause = new Error("connection reset");
    fail(cause);
    await expect(body).rejects.toMatchObject({ code: "body_aborted", cause });
  });

  it("is not touched after the answer when its body was read, or was never asked for", async () => {
    vi.useFakeTimers();
    const whole = webDelivery(requestOf("{}"));
    await whole.body(MAX_BYTES);
    whole.close();
    const unread = requestOf("{}");
    webDelivery(unread).close();
    expect(unread.body?.locked).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("the rest of a refused body", () => {
  it("is read to its end and not cancelled", async () => {
    vi.useFakeTimers();
    const { stream, cancel, send, end } = openBody();
    await refuse(stream);
    for (let times = 0; times < 15; times += 1) send(MEGABYTE);
    end();
    await pass(0);
    expect(vi.getTimerCount()).toBe(0);
    expect(cancel).not.toHaveBeenCalled();
  });

  it("may fail", async () => {
    vi.useFakeTimers();
    const { stream, fail } = openBody();
    await refuse(stream);
    fail(new Error("connection reset"));
    await pass(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is cancelled when a second passes without a chunk", async () => {
    vi.useFakeTimers();
    const { stream, cancel, send } = openBody();
    await refuse(stream);
    send(1);
    await pass(1_000);
    send(1);
    await pass(1_999);
    expect(cancel).not.toHaveBeenCalled();
    await pass(1);
    expect(cancel).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is cancelled after ten seconds when it comes slowly", async () => {
    vi.useFakeTimers();
    const { stream, cancel, send } = openBody();
    await refuse(stream);
    for (let tenths = 0; tenths < 99; tenths += 1) {
      send(1);
      await pass(100);
    }
    expect(cancel).not.toHaveBeenCalled();
    for (let tenths = 0; tenths < 2; tenths += 1) {
      send(1);
      await pass(100);
    }
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  it.each([
    ["a megabyte", MEGABYTE, 16, 20],
    ["a kilobyte", 1_000, 12_739, 16_300],
    ["nothing", 0, 7_093, 8_850],
  ])(
    "is cancelled soon after 16 MB when its chunks of %s do not end",
    async (_name, size, min, max) => {
      let pulled = 0;
      const cancelled = vi.fn();
      const chunk = new Uint8Array(size);
      const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
        pulled += 1;
        controller.enqueue(chunk.slice());
      };
      await refuse(new ReadableStream({ pull, cancel: cancelled }, { highWaterMark: 0 }));
      while (cancelled.mock.calls.length === 0) await aTurn();
      expect(pulled).toBeGreaterThanOrEqual(min);
      expect(pulled).toBeLessThanOrEqual(max);
      await aTurn();
      expect(cancelled).toHaveBeenCalledTimes(1);
    },
  );
});

it("the headers of a response are a copy of the answer's, without its length", () => {
  const headers = { "content-length": "2", allow: "POST" };
  const copy = webHeaders({ status: 405, headers, body: "{}" });
  expect(copy).toEqual({ allow: "POST" });
  expect(headers).toHaveProperty("content-length");
});
