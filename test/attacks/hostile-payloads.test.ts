import { setTimeout as sleep } from "node:timers/promises";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { afterEach, describe, expect, it } from "vitest";
import { adapters, bootEndpoint, queryOf, type Endpoint } from "./endpoint.ts";

const imageOf = (id: string, items: object[]): string =>
  JSON.stringify({ job_id: id, status: "succeeded", output: { type: "image", items } });
const DEEP = 100_000;
const LIMIT = 262_144;

/** Hostile bodies from a sender with a valid URL, and the answer to each. */
const hostile: Record<string, readonly [status: number, body: string]> = {
  "a value nested deep in arrays": [
    400,
    `{"job_id":"a","status":"failed","x":${"[".repeat(DEEP)}${"]".repeat(DEEP)}}`,
  ],
  "a value nested deep in objects": [
    400,
    `{"job_id":"a","status":"failed","x":${'{"x":'.repeat(40_000)}1${"}".repeat(40_000)}}`,
  ],
  "brackets that are never closed": [400, "[".repeat(DEEP)],
  "an id of 200 kB": [400, JSON.stringify({ job_id: "a".repeat(200_000), status: "failed" })],
  "an id that is an object": [400, '{"job_id":{"toString":"x"},"status":"failed"}'],
  "an id that comes twice, the second unusable": [
    400,
    '{"job_id":"a","job_id":7,"status":"failed"}',
  ],
  "a body larger than the limit": [
    413,
    JSON.stringify(succeededPayload({ padding: "x".repeat(LIMIT) })),
  ],
  "10 000 keys": [
    200,
    JSON.stringify({
      ...succeededPayload(),
      ...Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, i])),
    }),
  ],
  "10 000 items": [
    200,
    imageOf(
      "many",
      Array.from({ length: 10_000 }, () => ({ type: "image" })),
    ),
  ],
  "numbers that overflow or underflow": [
    200,
    '{"job_id":"n","status":"failed","x":1e999,"y":-0,"z":0.1e-999}',
  ],
};

describe.each(adapters)("%s", (adapter) => {
  let endpoint: Endpoint;
  afterEach(() => endpoint.close());
  const deliver = async (body: RequestInit["body"]) =>
    endpoint.send(queryOf(await endpoint.auth.mint()), body);

  it("every hostile body has its answer, and the next result is accepted", async () => {
    endpoint = await bootEndpoint(adapter);
    for (const [name, [status, body]] of Object.entries(hostile)) {
      expect([name, (await deliver(body)).status]).toEqual([name, status]);
    }
    expect((await deliver(JSON.stringify(succeededPayload()))).status).toBe(200);
    expect(endpoint.events.filter(({ type }) => type === "warning")).toEqual([]);
  });

  it("no payload changes a prototype", async () => {
    endpoint = await bootEndpoint(adapter);
    const trap = '{"polluted":"yes"}';
    const proto = `"__proto__":${trap},"constructor":{"prototype":${trap}},"prototype":${trap}`;
    const bodies = [
      `{"job_id":"p1","status":"succeeded",${proto},"output":{"type":"image",${proto},"items":[{"type":"image",${proto}}]}}`,
      `{"job_id":"p2","status":"failed",${proto},"error":{"code":"X",${proto}}}`,
      `{"job_id":"__proto__","status":"failed",${proto}}`,
      `{"job_id":"constructor","status":"failed"}`,
      `{"__proto__":{"job_id":"inherited","status":"failed"}}`,
    ];
    const answers = [];
    for (const body of bodies) answers.push((await deliver(body)).status);
    expect(answers).toEqual([200, 200, 200, 200, 400]);
    await endpoint.receiver.idle();

    expect(endpoint.handed.map(({ job_id }) => job_id).sort()).toEqual([
      "__proto__",
      "constructor",
      "p1",
      "p2",
    ]);
    for (const pristine of [{}, [], () => undefined, "", Object.prototype]) {
      expect(pristine).not.toHaveProperty("polluted");
    }
    for (const job of endpoint.handed) {
      expect(Object.getPrototypeOf(job)).toBe(Object.prototype);
      // A callback may pass the result to `Object.assign`. That must not change a prototype either.
      expect(Object.assign({}, job)).not.toHaveProperty("polluted");
    }
  });

  it("the callback gets no URL that is not http(s)", async () => {
    endpoint = await bootEndpoint(adapter);
    const urls = [
      "javascript:alert(1)",
      "JaVaScRiPt:alert(1)",
      "https://",
      "https:// x",
      "data:text/html,<script>alert(1)</script>",
      "file:///etc/passwd",
      "//cdn.test/no-scheme.png",
      "http:cdn.test/no-slashes.png",
      "gopher://127.0.0.1:6379/_FLUSHALL",
      "",
      7,
      { href: "https://cdn.test/object.png" },
      ["https://cdn.test/list.png"],
    ];
    const good = ["https://cdn.test/a.png", "HTTP://cdn.test/b.png?sig=1"];
    const blanks = [" https://cdn.test/led-by-a-space.png", "\thttps://cdn.test/tabs.png\n"];
    const items = [...urls, ...good, ...blanks].map((url) => ({ type: "image", url }));
    await deliver(imageOf("urls", items));
    await endpoint.receiver.idle();
    const [job] = endpoint.handed;
    expect(job?.status === "succeeded" && job.output.items.map(({ url }) => url)).toEqual([
      ...urls.map(() => undefined),
      ...good,
      ...blanks.map((url) => url.trim()),
    ]);
  });

  it("a body that never ends is answered 408, and nothing of it is kept", async () => {
    endpoint = await bootEndpoint(adapter, { limits: { bodyTimeoutMs: 300 } });
    const answers = await Promise.all(Array.from({ length: 20 }, () => deliver(dripping())));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([408]));
    expect((await endpoint.receiver.list()).records).toEqual([]);
    expect((await deliver(JSON.stringify(succeededPayload()))).status).toBe(200);
  });
});

/** A body that arrives one byte at a time, each shortly after the last. */
function dripping(): ReadableStream<Uint8Array> {
  let over = false;
  return new ReadableStream({
    async pull(controller) {
      await sleep(20);
      if (!over) controller.enqueue(Uint8Array.of(0x20));
    },
    cancel() {
      over = true;
    },
  });
}
