import type { ServerResponse } from "node:http";
import { describe, expect, it, vi } from "vitest";
import { createClient, fetchOutputs } from "../src/index.ts";
import { fetchOutputsOn } from "../src/outputs/fetch-outputs.ts";
import { fakeFetch, hostWithoutPauses, jobOf, outputFailure, saveAll } from "./outputs-support.ts";
import { failureOf, nobody, serve, type Answer } from "./support.ts";

const hosts = ["127.0.0.1", "cdn.example.com"];
const cdn = "https://cdn.example.com/a.png";

const png =
  (body: string, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(200, { "content-type": "image/png", ...headers }).end(body);

describe("fetchOutputs", () => {
  it("gives each file with its item, index, type, extension and size", async () => {
    const { url } = await serve(
      png("first"),
      png("third one", { "content-type": "video/mp4; codecs=avc1" }),
    );
    const job = jobOf(`${url}/a`, undefined, `${url}/c`);
    const saved = await saveAll(job, { hosts });
    expect(saved.map(({ index, text }) => [index, text])).toEqual([
      [0, "first"],
      [2, "third one"],
    ]);
    expect(saved.map(({ file }) => file)).toMatchObject([
      { item: job.output.items[0], contentType: "image/png", extension: "png" },
      { item: job.output.items[2], contentType: "video/mp4", extension: "mp4" },
    ]);
  });

  it("gives the size if the server sends it", async () => {
    const { url } = await serve(png("12345", { "content-length": "5" }), (response) => {
      response.writeHead(200).write("12");
      response.end("345");
    });
    const [told, untold] = await saveAll(jobOf(url, url), { hosts });
    expect(told?.file.bytes).toBe(5);
    expect(untold?.file).not.toHaveProperty("bytes");
  });

  it.each([
    ["image/jpeg", "/a.png", "image/jpeg", "jpg"],
    ["IMAGE/PNG ; q=1", "/a", "image/png", "png"],
    [undefined, "/a.MP4?x=1", "application/octet-stream", "mp4"],
    ["application/octet-stream", "/a.jpeg", "application/octet-stream", "jpg"],
    ["application/octet-stream", "/a.exe", "application/octet-stream", "bin"],
    ["text/html", "/a.png", "text/html", "bin"],
    ["constructor", "/a.png", "application/octet-stream", "png"],
    ["../../x", "/..%2Fpasswd", "application/octet-stream", "bin"],
  ])("reads content-type %s at %s as %s, .%s", async (header, path, contentType, extension) => {
    const headers = new Headers(header === undefined ? {} : { "content-type": header });
    const { fetch } = fakeFetch({
      "cdn.example.com": () => new Response(new Uint8Array(1), { headers }),
    });
    const [saved] = await saveAll(jobOf(`https://cdn.example.com${path}`), { hosts, fetch });
    expect(saved?.file).toMatchObject({ contentType, extension });
  });

  it.each([
    ["no options", undefined],
    ["an unknown option", { hosts, host: "a" }],
    ["maxBytes 0", { hosts, maxBytes: 0 }],
    ["timeoutMs NaN", { hosts, timeoutMs: Number.NaN }],
    ["a fetch that is no function", { hosts, fetch: 1 }],
  ])("refuses %s at once", (_, options) => {
    expect(() => fetchOutputs(jobOf(), options as { hosts: string[] })).toThrow(
      expect.objectContaining({ code: "invalid_options" }),
    );
  });

  it("refuses a job without output at once", () => {
    const failed = { job_id: "job_1", status: "failed", error: { code: "X", message: "" } };
    expect(() => fetchOutputs(failed as never, { hosts })).toThrow(
      expect.objectContaining({ code: "invalid_options" }),
    );
  });

  it("sends no request before it is iterated", async () => {
    const { fetch, asked } = fakeFetch({});
    const outputs = fetchOutputs(jobOf(cdn), { hosts, fetch });
    expect(asked).toEqual([]);
    await outputs.next();
    expect(asked).toHaveLength(1);
    await outputs.return?.();
  });
});

describe("maxBytes", () => {
  it("refuses a Content-Length above it, before the body is read", async () => {
    let cancelled = false;
    const { fetch, asked } = fakeFetch({
      "cdn.example.com": () =>
        new Response(new ReadableStream({ cancel: () => void (cancelled = true) }), {
          headers: { "content-length": "11" },
        }),
    });
    const error = await outputFailure(jobOf(cdn), { hosts, fetch, maxBytes: 10 });
    expect(error).toMatchObject({ code: "output_too_large", index: 0 });
    expect(asked).toHaveLength(1);
    expect(cancelled).toBe(true);
  });

  it.each([
    ["without a Content-Length", {}],
    [
      "with a Content-Length that the encoding makes wrong",
      { "content-encoding": "gzip", "content-length": "3" },
    ],
  ])("is counted on the bytes read, %s", async (_, headers) => {
    const { fetch } = fakeFetch({
      "cdn.example.com": () => new Response("0123456789", { headers }),
    });
    const [saved] = await saveAll(jobOf(cdn), { hosts, fetch, maxBytes: 10 });
    expect(saved?.text).toBe("0123456789");
    const error = await outputFailure(jobOf(cdn), { hosts, fetch, maxBytes: 9 });
    expect(error).toMatchObject({ code: "output_too_large", index: 0 });
  });
});

describe("a file that does not arrive whole", () => {
  it.each([
    ["404", (response: ServerResponse) => response.writeHead(404).end(), 404],
    ["503", (response: ServerResponse) => response.writeHead(503).end(), 503],
    ["206", (response: ServerResponse) => response.writeHead(206).end("part"), 206],
  ])("is requested twice more after a %s", async (_, answer, status) => {
    const { url, seen } = await serve(answer);
    const host = hostWithoutPauses();
    const error = await outputFailure(jobOf(undefined, `${url}/a?k=t0ken`), { hosts }, host);
    expect(error).toMatchObject({ code: "output_unavailable", index: 1, status });
    expect(seen).toHaveLength(3);
    expect(host.pauses).toEqual([500, 1_000]);
  });

  it("is requested twice more when nothing listens", async () => {
    const host = hostWithoutPauses();
    const error = await outputFailure(jobOf(await nobody()), { hosts }, host);
    expect(error).toMatchObject({ code: "output_unavailable", index: 0 });
    expect(error.message).toContain("ECONNREFUSED");
    expect(host.pauses).toHaveLength(2);
  });

  it("is saved when a repeated request succeeds", async () => {
    const busy: Answer = (response) => response.writeHead(503).end();
    const { url } = await serve(busy, busy, png("at last"));
    expect(await saveAll(jobOf(url), { hosts })).toMatchObject([{ text: "at last" }]);
  });

  it("is an error where the body is shorter than its Content-Length", async () => {
    const { fetch } = fakeFetch({
      "cdn.example.com": () => new Response("1234", { headers: { "content-length": "5" } }),
    });
    const error = await outputFailure(jobOf(cdn), { hosts, fetch });
    expect(error).toMatchObject({ code: "output_unavailable", index: 0 });
    expect(error.message).toContain("4 of 5 bytes");
  });

  it("is an error where the connection breaks", async () => {
    const { url } = await serve((response) => {
      response.writeHead(200, { "content-length": "5" }).write("1234");
      setTimeout(() => response.destroy(), 20);
    });
    const error = await outputFailure(jobOf(url), { hosts });
    expect(error).toMatchObject({ code: "output_unavailable", index: 0 });
    expect(error.message).toContain("after 4 bytes");
  });

  it("does not affect the files before it", async () => {
    const { url } = await serve(png("first"), (response) => response.writeHead(404).end());
    const outputs = fetchOutputsOn(hostWithoutPauses(), jobOf(url, url), { hosts });
    const first = await outputs.next();
    expect(await new Response((first.value as { body: ReadableStream }).body).text()).toBe("first");
    await expect(outputs.next()).rejects.toMatchObject({ code: "output_unavailable", index: 1 });
    expect((await outputs.next()).done).toBe(true);
  });
});

describe("timeoutMs", () => {
  it("aborts a request to a server that does not answer", async () => {
    const { url } = await serve(() => undefined);
    const fetch = vi.fn(globalThis.fetch);
    const error = await outputFailure(jobOf(url), { hosts, timeoutMs: 30, fetch });
    expect(error).toMatchObject({ code: "output_unavailable", index: 0 });
    expect(error.message).toContain("no answer for 30 ms");
    expect(fetch).toHaveBeenCalledTimes(3);
  });

  it("aborts a `fetch` that ignores its signal", async () => {
    const fetch = () => new Promise<Response>(() => undefined);
    const error = await outputFailure(jobOf(cdn), { hosts, fetch, timeoutMs: 10 });
    expect(error.code).toBe("output_unavailable");
  });

  it("aborts a body that stalls, also one of empty chunks", async () => {
    const { url } = await serve((response) => void response.writeHead(200).write("1234"));
    const error = await outputFailure(jobOf(url), { hosts, timeoutMs: 50 });
    expect(error.message).toContain("no byte for 50 ms");
    let left = 40;
    const empty = new ReadableStream({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        controller.enqueue(new Uint8Array(left === 0 ? 1 : 0));
        if (left === 0) controller.close();
        left -= 1;
      },
    });
    const { fetch } = fakeFetch({ "cdn.example.com": () => new Response(empty) });
    const stalled = await outputFailure(jobOf(cdn), { hosts, fetch, timeoutMs: 200 });
    expect(stalled.message).toContain("no byte for 200 ms");
  });

  it("does not include the time that the reader needs", async () => {
    const { url } = await serve(png("x".repeat(200_000)));
    for await (const { body } of fetchOutputs(jobOf(url), { hosts, timeoutMs: 100 })) {
      const reader = body.getReader();
      let bytes = (await reader.read()).value?.byteLength ?? 0;
      await new Promise((resolve) => setTimeout(resolve, 300));
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        bytes += value.byteLength;
      }
      expect(bytes).toBe(200_000);
    }
    expect.assertions(1);
  });
});

describe("an unread body", () => {
  const endless = (cancelled: () => void) => (): Response =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(1_000)),
        cancel: cancelled,
      }),
    );

  it.each(["next", "break", "throw"])("is cancelled by %s in the loop", async (how) => {
    let cancelled = 0;
    const { fetch } = fakeFetch({ "cdn.example.com": endless(() => (cancelled += 1)) });
    const loop = async (): Promise<void> => {
      for await (const { index } of fetchOutputs(jobOf(cdn, cdn), { hosts, fetch })) {
        expect(cancelled).toBe(index);
        if (how === "break") break;
        if (how === "throw") throw new Error("mine");
      }
    };
    await (how === "throw" ? expect(loop()).rejects.toThrow("mine") : loop());
    expect(cancelled).toBe(how === "next" ? 2 : 1);
  });

  it("is cancelled by closing the connection", async () => {
    let closed = false;
    const { url } = await serve((response) => {
      response.on("close", () => void (closed = true));
      response.writeHead(200).write("x");
    });
    for await (const { index } of fetchOutputs(jobOf(url), { hosts })) expect(index).toBe(0);
    await expect.poll(() => closed).toBe(true);
  });

  it("throws when it is read after the loop, instead of being empty", async () => {
    const { fetch } = fakeFetch({ "cdn.example.com": endless(() => undefined) });
    const bodies: ReadableStream[] = [];
    for await (const { body } of fetchOutputs(jobOf(cdn), { hosts, fetch })) bodies.push(body);
    const error = await failureOf(new Response(bodies[0]).text());
    expect(error).toMatchObject({ code: "output_unavailable", index: 0 });
    expect(error.message).toContain("inside the loop");
  });
});

describe("the caller's signal", () => {
  const reason = new Error("enough");

  it("prevents a request", async () => {
    const { fetch, asked } = fakeFetch({});
    const signal = AbortSignal.abort(reason);
    await expect(saveAll(jobOf(cdn), { hosts, fetch, signal })).rejects.toBe(reason);
    expect(asked).toEqual([]);
  });

  it("aborts the wait for an answer", async () => {
    const controller = new AbortController();
    const { url } = await serve(() => controller.abort(reason));
    await expect(saveAll(jobOf(url), { hosts, signal: controller.signal })).rejects.toBe(reason);
  });

  it("aborts a body", async () => {
    const controller = new AbortController();
    const { url } = await serve((response) => {
      response.writeHead(200).write("x");
      setTimeout(() => controller.abort(reason), 20);
    });
    await expect(saveAll(jobOf(url), { hosts, signal: controller.signal })).rejects.toBe(reason);
  });
});

it("fetchOutputs does not send the key of a client in the same process", async () => {
  const { url, seen } = await serve(png("x"));
  createClient({ apiKey: "sk-canary", baseUrl: url });
  await saveAll(jobOf(url), { hosts });
  expect(JSON.stringify(seen)).not.toContain("sk-canary");
  expect(seen[0]?.headers).not.toHaveProperty("authorization");
});
