import { createClient } from "@abstrakt-webhooks/client";
import { describe, expect, it, vi } from "vitest";
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

const page: Answer = (response) =>
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end("<h1>Welcome</h1>");
const plainText: Answer = (response) =>
  response.writeHead(404, { "content-type": "text/plain" }).end("404 page not found\n");
const untypedText: Answer = (response) => response.writeHead(404).end("not found");
const missingPage: Answer = (response) =>
  response.writeHead(404, { "content-type": "text/html" }).end("<h1>Not found</h1>");
const badPage: Answer = (response) =>
  response.writeHead(400, { "content-type": "text/html" }).end("<h1>Bad request</h1>");
const untypedPage: Answer = (response) =>
  response.writeHead(404).end("\n<!doctype html><h1>Not found</h1>");
const bytes =
  (...body: number[]): Answer =>
  (response) =>
    response.writeHead(202, { "content-type": "application/json" }).end(Buffer.from(body));
const cutBeforeHead: Answer = (_, request) => request.socket.destroy();
const cutInBody: Answer = (response, request) => {
  response.writeHead(202, { "content-type": "application/json", "content-length": 100 });
  response.write('{"job_id":"job_1",', () => request.socket.destroy());
};
const huge: Answer = (response) => {
  const chunk = Buffer.alloc(65_536, 0x20);
  const more = (): void => {
    while (response.write(chunk));
  };
  response.on("drain", more);
  response.writeHead(202, { "content-type": "application/json" });
  more();
};

describe("an invalid answer", () => {
  it.each<[string, Answer, object]>([
    ["HTML", page, { code: "api_unexpected", status: 200, message: /not JSON \(text\/html\)/ }],
    ["an empty body", bytes(), { code: "api_unexpected", status: 202, message: /an empty body/ }],
    [
      "bytes that are not UTF-8",
      bytes(0x22, 0xff, 0x22),
      { code: "api_unexpected", message: /UTF-8/ },
    ],
    [
      "bytes that end within a character",
      bytes(0xe2, 0x82),
      { code: "api_unexpected", message: /UTF-8/ },
    ],
    ["half of JSON", bytes(0x7b), { code: "api_unexpected", message: /\(application\/json\)/ }],
    ["an endless body", huge, { code: "api_unexpected", status: 202, message: /1 MiB/ }],
    [
      "a connection that ends before the head",
      cutBeforeHead,
      { code: "api_unavailable", message: /no answer \(.*(other side closed|ECONNRESET)/ },
    ],
    [
      "a connection that ends within the body",
      cutInBody,
      { code: "api_unavailable", status: 202, message: /202 and not the whole body/ },
    ],
  ])(
    "%s: the error of a submission says what arrived, and that a job may run",
    async (_, answer, expected) => {
      const { url, seen } = await serve(answer);
      const error = await failureOf(submit(createTestClient(url).client));
      const { message, ...fields } = expected as { message: RegExp };
      expect(error.message).toMatch(message);
      expect(error).toMatchObject({ ...fields, mayHaveStarted: true });
      expect(error.message).toContain("The provider may have started the job");
      expect(seen).toHaveLength(1);
    },
  );

  it.each([
    ["HTML", page, "api_unexpected"],
    ["a 400 page", badPage, "api_unexpected"],
    ["a connection that ends before the head", cutBeforeHead, "api_unavailable"],
    ["a connection that ends within the body", cutInBody, "api_unavailable"],
    ["an endless body", huge, "api_unexpected"],
  ])("%s: getJob throws instead of returning undefined", async (_, answer, code) => {
    const { url } = await serve(answer);
    const error = await failureOf(createTestClient(url).client.getJob("job_1"));
    expect(error.code).toBe(code);
    expect(error.mayHaveStarted).toBeUndefined();
  });

  it.each([
    ["no field", { status: "processing" }],
    ["null", null],
    ["a text", "job_1"],
    ["an empty id", { job_id: "" }],
    ["an id that is a number", { job_id: 7 }],
  ])("202 with %s for a `job_id`", async (_, body) => {
    const { url } = await serve(json(202, body, { "x-request-id": "req_9" }));
    expect(await failureOf(submit(createTestClient(url).client))).toMatchObject({
      code: "api_unexpected",
      status: 202,
      requestId: "req_9",
      mayHaveStarted: true,
      message: expect.stringContaining("got 202 without a usable `job_id`."),
    });
  });

  it("from a server that does not run is `api_unavailable`", async () => {
    const error = await failureOf(submit(createTestClient(await nobody()).client));
    expect(error).toMatchObject({ code: "api_unavailable" });
    expect(error.message).toMatch(/got no answer \(.*ECONNREFUSED.*Check the network/);
    expect(error.mayHaveStarted).toBeUndefined();
  });

  it("from a host without an address is `api_unavailable`", async () => {
    const { client } = createTestClient("https://abstrakt.invalid");
    const error = await failureOf(client.getJob("job_1"));
    expect(error.message).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });
});

describe("a redirect", () => {
  it.each([301, 302, 303, 307, 308])("%i is not followed", async (status) => {
    const elsewhere = await serve(accepted);
    const { url, seen } = await serve((response) =>
      response.writeHead(status, { location: `${elsewhere.url}/v1?token=t0ken` }).end(),
    );
    const { client } = createTestClient(url);
    const { host } = new URL(elsewhere.url);
    for (const call of [() => submit(client), () => client.getJob("job_1")]) {
      const error = await failureOf(call());
      expect(error).toMatchObject({ code: "api_unexpected", status });
      // A 303 usually follows a success, so the job may have started.
      if (status !== 303) expect(error.mayHaveStarted).toBeUndefined();
      expect(error.message).toContain(
        `got ${status} and a redirect, which is not followed, to ${host}.`,
      );
      expect(error.message).not.toContain("t0ken");
    }
    expect(seen).toHaveLength(2);
    expect(elsewhere.seen).toEqual([]);
    if (status === 303) expect((await failureOf(submit(client))).mayHaveStarted).toBe(true);
  });
});

describe("a 404 to the request for a job", () => {
  it.each([
    ["an error of the API", { error: { code: "JOB_NOT_FOUND" } }],
    ["an empty object", {}],
  ])("means that the job is unknown when its body is %s", async (_, body) => {
    const { url, seen } = await serve(json(404, body));
    expect(await createTestClient(url).client.getJob("job_1")).toBeUndefined();
    expect(seen).toHaveLength(1);
  });

  it.each<[string, Answer, RegExp]>([
    ["text", plainText, /a body that is not JSON \(text\/plain\)/],
    ["text without a content type", untypedText, /a body that is not JSON \(of no type\)/],
    ["an HTML page", missingPage, /a body that is not JSON \(text\/html\)/],
    ["an HTML page without a content type", untypedPage, /a body that is not JSON/],
    ["empty", (response) => response.writeHead(404).end(), /an empty body/],
    ["a JSON text", json(404, "not found"), /a body that is no JSON object/],
    ["a JSON array", json(404, []), /a body that is no JSON object/],
    ["null", json(404, null), /a body that is no JSON object/],
  ])("is not the API's own answer when its body is %s", async (_, answer, words) => {
    const { url, seen } = await serve(answer);
    const error = await failureOf(createTestClient(url).client.getJob("job_1"));
    expect(error.code).toBe("api_unavailable");
    expect(error.message).toMatch(/got 404 with .*Try again later, and check.*`baseUrl`/);
    expect(error.message).toMatch(words);
    expect(error.status).toBeUndefined();
    expect(seen).toHaveLength(3);
  });

  it("may come once from a proxy, before the API's own answer", async () => {
    const { url } = await serve(plainText, processing);
    expect(await createTestClient(url).client.getJob("job_1")).toMatchObject({ job_id: "job_1" });
  });
});

describe("an answer", () => {
  it("comes to a request in the form of the provider's documentation", async () => {
    const { url, seen } = await serve(accepted, processing);
    const { client } = createTestClient(`${url}/proxy/`);
    await client.run("a model", {
      input: { prompt: "é" },
      webhook_url: "https://example.com/hook",
    });
    await client.getJob("job_1");
    expect(seen).toMatchObject([
      {
        line: "POST /proxy/v1/models/a%20model/run",
        headers: { authorization: "Bearer sk-canary-4f1d", "content-type": "application/json" },
        body: '{"input":{"prompt":"é"},"webhook_url":"https://example.com/hook"}',
      },
      { line: "GET /proxy/v1/jobs/job_1", headers: { accept: "application/json" }, body: "" },
    ]);
    expect(seen[1]?.headers).not.toHaveProperty("content-type");
  });

  it("is parsed as tolerantly as a webhook", async () => {
    const text =
      '{"job_id":"j","status":null,"request_id":7,"model_id":null,"eta":3,"__proto__":{"a":1}}';
    const { url } = await serve((response) => response.writeHead(200).end(text));
    const job = await submit(createTestClient(url).client);
    expect(job).toEqual({ job_id: "j", status: "processing", eta: 3 });
    expect((job as { a?: number }).a).toBeUndefined();
  });

  it("to a submission may already contain the result", async () => {
    const body = { job_id: "j", status: "succeeded", output: { type: "image", items: [] } };
    const { url } = await serve(json(200, body));
    expect(await submit(createTestClient(url).client)).toEqual(body);
  });

  it.each([
    [{ error: { code: "BAD", message: "no" }, request_id: "r1" }, "BAD", "r1", "(BAD: no)"],
    [{ error: "no", request_id: "r2" }, undefined, "r2", "(no)"],
    [{ code: "BAD", message: "no" }, "BAD", "header", "(BAD: no)"],
    [
      { error: { code: 7, message: ["no"], request_id: "r3" } },
      undefined,
      "r3",
      "without a reason",
    ],
    [[], undefined, "header", "without a reason"],
    [null, undefined, "header", "without a reason"],
  ])(
    "that refuses is read in any common shape: %j",
    async (body, providerCode, requestId, words) => {
      const { url } = await serve(json(422, body, { "x-request-id": "header" }));
      const error = await failureOf(submit(createTestClient(url).client));
      expect(error).toMatchObject({ code: "api_refused", status: 422, requestId });
      expect(error.providerCode).toBe(providerCode);
      expect(error.message).toContain(`got 422 ${words}`);
      expect(error.mayHaveStarted).toBeUndefined();
      expect(JSON.parse(JSON.stringify(error))).toMatchObject({ status: 422, requestId });
    },
  );
});

it("the client refuses a webhook_url that is no text, before it sends anything", async () => {
  const send = vi.fn<typeof fetch>();
  const client = createClient({ apiKey: "k", fetch: send });
  const run = (webhook_url: unknown) =>
    client.run("m", { input: {}, webhook_url: webhook_url as string });
  await expect(run(Promise.resolve("https://app.test/"))).rejects.toMatchObject({
    code: "invalid_options",
    message: expect.stringMatching(/`webhook_url`.*got a promise. Put `await`/) as string,
  });
  for (const value of [null, 5, {}, new URL("https://app.test/")]) {
    await expect(run(value)).rejects.toMatchObject({ code: "invalid_options" });
  }
  expect(send).not.toHaveBeenCalled();
});
