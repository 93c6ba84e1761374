import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { abstraktWebhook } from "@abstrakt-webhooks/hono";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { receiverThat } from "./support.ts";

const MAX_BODY_BYTES = 262_144;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function bytesHeld(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const { receiver } = receiverThat(() => undefined);
const app = new Hono().post("/", abstraktWebhook(receiver));
const ways: Record<string, (request: Request) => Response | Promise<Response>> = {
  "receiver.fetch": (request) => receiver.fetch(request),
  Hono: (request) => app.fetch(request),
};

describe.each(Object.entries(ways))("%s", (_, fetch) => {
  const post = (body: ReadableStream) =>
    fetch(
      new Request("http://localhost/", { method: "POST", body, duplex: "half" } as RequestInit),
    );

  /** Posts chunks of one byte up to the limit, and measures the memory when all have arrived. */
  async function holds(): Promise<number> {
    let left = MAX_BODY_BYTES;
    let atEnd = 0;
    const before = bytesHeld();
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (left-- > 0) return controller.enqueue(Uint8Array.of(0x20));
          atEnd = bytesHeld();
          controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    expect((await post(body)).status).toBe(400);
    return atEnd - before;
  }

  it("a body in chunks of one byte needs little more memory than its size", async () => {
    // The first time, the code itself needs memory.
    await holds();
    // At most twice the body; the rest is the runner's. As objects the chunks would need 40 MB.
    expect(await holds()).toBeLessThan(10 * MAX_BODY_BYTES);
  });

  it("a stream of empty chunks ends", async () => {
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array()),
    });
    expect((await post(body)).status).toBe(413);
  });
});
