import { describe, expect, it } from "vitest";
import {
  accepted,
  createTestClient,
  failureOf,
  json,
  nobody,
  processing,
  serve,
  submit,
  type Answer,
} from "./support.ts";

const busy = (status: number, headers: Record<string, string> = {}) =>
  json(status, { error: { code: "BUSY", message: "later" } }, headers);
const cut: Answer = (_, request) => request.socket.destroy();

describe("the request for a job", () => {
  it.each<[string, Answer]>([
    ["408", busy(408)],
    ["429", busy(429)],
    ["500", busy(500)],
    ["503", busy(503)],
    ["529", busy(529)],
    ["a connection that breaks", cut],
  ])("is repeated after %s, with growing pauses", async (_, answer) => {
    const { url, seen } = await serve(answer, answer, processing);
    const { client, pauses } = createTestClient(url);
    expect(await client.getJob("job_1")).toMatchObject({ status: "processing" });
    expect(seen).toHaveLength(3);
    expect(pauses).toEqual([375, 750]);
  });

  it("is sent three times and then fails", async () => {
    const { url, seen } = await serve(busy(503));
    const { client } = createTestClient(url);
    expect(await failureOf(client.getJob("job_1"))).toMatchObject({
      code: "api_unavailable",
      status: 503,
      providerCode: "BUSY",
    });
    expect(seen).toHaveLength(3);
  });

  it.each([400, 401, 403, 409, 410])("is not repeated after %i", async (status) => {
    const { url, seen } = await serve(busy(status));
    const error = await failureOf(createTestClient(url).client.getJob("job_1"));
    expect(error).toMatchObject({ code: "api_refused", status });
    expect(seen).toHaveLength(1);
  });

  it("is repeated when nothing listens", async () => {
    const { client, pauses } = createTestClient(await nobody());
    await failureOf(client.getJob("job_1"));
    expect(pauses).toHaveLength(2);
  });
});

describe("the request that submits a job", () => {
  it("is repeated after 429, which starts no job", async () => {
    const { url, seen } = await serve(busy(429), busy(429), accepted);
    expect(await submit(createTestClient(url).client)).toMatchObject({ job_id: "job_1" });
    expect(seen).toHaveLength(3);
    expect(new Set(seen.map(({ body }) => body)).size).toBe(1);
  });

  it("is repeated when no connection was made", async () => {
    const { client, pauses } = createTestClient(await nobody());
    const error = await failureOf(submit(client));
    expect(pauses).toHaveLength(2);
    expect(error.mayHaveStarted).toBeUndefined();
  });

  it.each<[string, Answer]>([
    ["500", busy(500)],
    ["502", busy(502)],
    ["503", busy(503, { "retry-after": "1" })],
    ["504", busy(504)],
    ["408", busy(408)],
    ["a connection that breaks", cut],
  ])("is not repeated after %s, which may have started it", async (_, answer) => {
    const { url, seen } = await serve(answer, accepted);
    const error = await failureOf(submit(createTestClient(url).client));
    expect(error).toMatchObject({ code: "api_unavailable", mayHaveStarted: true });
    expect(seen).toHaveLength(1);
  });

  it.each([
    ["Bun", Object.assign(new Error("Unable to connect."), { code: "ECONNREFUSED" })],
    ["an older Bun", Object.assign(new Error("Unable to connect."), { code: "ConnectionRefused" })],
    [
      "Deno",
      new TypeError(
        "error sending request for url (http://a/): client error (Connect): tcp connect error",
      ),
    ],
    [
      "Node, with several addresses",
      new TypeError("fetch failed", {
        cause: Object.assign(
          new AggregateError([
            Object.assign(new Error("connect ECONNREFUSED"), { syscall: "connect" }),
          ]),
          { code: "ECONNREFUSED" },
        ),
      }),
    ],
    [
      "Node, without a route",
      new TypeError("fetch failed", {
        cause: Object.assign(new Error("connect timeout"), { code: "UND_ERR_CONNECT_TIMEOUT" }),
      }),
    ],
    [
      "Node, for a host that the certificate does not name",
      new TypeError("fetch failed", {
        cause: Object.assign(new Error("Hostname/IP does not match certificate's altnames"), {
          code: "ERR_TLS_CERT_ALTNAME_INVALID",
        }),
      }),
    ],
    ...[
      "CERT_HAS_EXPIRED",
      "CERT_NOT_YET_VALID",
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "SELF_SIGNED_CERT_IN_CHAIN",
      "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "HOSTNAME_MISMATCH",
      "INVALID_CA",
    ].map((code): [string, Error] => [
      `a certificate, ${code}`,
      new TypeError("fetch failed", { cause: Object.assign(new Error("no"), { code }) }),
    ]),
    [
      "Node, for a port that fetch blocks",
      new TypeError("fetch failed", { cause: new Error("bad port") }),
    ],
  ])("counts as not connected after the error of %s", async (_, thrown) => {
    let calls = 0;
    const { client } = createTestClient("http://localhost", {
      async fetch() {
        calls += 1;
        throw thrown;
      },
    });
    expect((await failureOf(submit(client))).mayHaveStarted).toBeUndefined();
    expect(calls).toBe(3);
  });

  it.each([
    [
      "a connection reset",
      Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", syscall: "read" }),
    ],
    [
      "a route lost while the answer is read",
      Object.assign(new Error("read"), { code: "EHOSTUNREACH", syscall: "read" }),
    ],
    ["a thrown text", "broken"],
    ["nothing", undefined],
  ])("is not repeated after %s", async (_, thrown) => {
    let calls = 0;
    const { client } = createTestClient("http://localhost", {
      async fetch() {
        calls += 1;
        throw thrown;
      },
    });
    expect(await failureOf(submit(client))).toMatchObject({ mayHaveStarted: true });
    expect(calls).toBe(1);
  });
});

describe("Retry-After", () => {
  it.each([
    ["seconds", "2", 2_000],
    ["a date", "Sun, 08 Feb 2026 10:30:49 GMT", 4_000],
    ["a date in the past", "Sun, 08 Feb 2026 10:30:00 GMT", 0],
  ])("in %s is the pause before the next request", async (_, header, leastMs) => {
    const { url } = await serve(busy(429, { "retry-after": header }), processing);
    const { client, pauses } = createTestClient(url);
    await client.getJob("job_1");
    expect(pauses).toEqual([leastMs + 375]);
  });

  it("longer than the timeout is left to the caller", async () => {
    const { url, seen } = await serve(busy(429, { "retry-after": "30" }), processing);
    const { client, pauses } = createTestClient(url);
    expect(await failureOf(client.getJob("job_1"))).toMatchObject({
      code: "api_unavailable",
      status: 429,
      retryAfterMs: 30_000,
    });
    expect(pauses).toEqual([]);
    expect(seen).toHaveLength(1);
  });

  it.each([
    ["a number of 400 digits", "9".repeat(400), 86_400_000],
    ["a word", "soon", undefined],
    ["nothing", "", undefined],
  ])("of %s causes no error", async (_, header, retryAfterMs) => {
    const { url } = await serve(busy(503, { "retry-after": header }));
    expect((await failureOf(submit(createTestClient(url).client))).retryAfterMs).toBe(retryAfterMs);
  });
});
