import { abstraktWebhook, createReceiver, type Receiver } from "@abstrakt-webhooks/express";
import { createSubject, equal, succeededPayload } from "@abstrakt-webhooks/testing";
import express, { type RequestHandler } from "express";
import supertest from "supertest";
import { describe, expect, it } from "vitest";
import { express4 } from "./express-4.ts";

const PATH = "/api/abstrakt-webhook";
const received = { received: true };

const keepRawBody = (request: object, _response: unknown, bytes: Buffer): void =>
  void Object.assign(request, { rawBody: bytes });

/** The secret of the suite's signatures. */
async function sign(text: string): Promise<Record<string, string>> {
  const { createHmac } = await import("node:crypto");
  const seconds = Math.floor(Date.now() / 1_000);
  const mac = createHmac("sha256", Buffer.from("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "base64"))
    .update(`msg_suite.${seconds}.${text}`)
    .digest("base64");
  return {
    "webhook-id": "msg_suite",
    "webhook-timestamp": String(seconds),
    "webhook-signature": `v1,${mac}`,
  };
}

describe.each([
  ["Express 5", express],
  ["Express 4", express4],
])("%s", (_version, framework) => {
  const mount = (receiver: Receiver, ...before: RequestHandler[]) =>
    supertest(
      framework()
        .use(...before, (_request, _response, next) => next())
        .post(PATH, abstraktWebhook(receiver)),
    );

  /** Leaves a value on the request, as a host or a parser would. */
  const leave =
    (property: "body" | "rawBody", toValue: (bytes: Buffer) => unknown): RequestHandler =>
    (request, _response, next) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        Object.assign(request, { [property]: toValue(Buffer.concat(chunks)) });
        next();
      });
    };

  const parsers: readonly (readonly [string, string, RequestHandler[]])[] = [
    ["no parser", "application/json", []],
    ["json()", "application/json", [framework.json()]],
    ["raw()", "application/json", [framework.raw({ type: "*/*" })]],
    ["text()", "application/json", [framework.text({ type: "*/*" })]],
    ["urlencoded()", "application/json", [framework.urlencoded({ extended: true })]],
    ["json({ verify })", "application/json", [framework.json({ verify: () => undefined })]],
    ["json() that skips text/plain", "text/plain", [framework.json()]],
    ["json() that skips a vendor's type", "application/vnd.x+json", [framework.json()]],
    ["every parser", "application/json", [framework.json(), framework.raw(), framework.text()]],
    ["a Buffer in req.body", "application/json", [leave("body", (bytes) => bytes)]],
    ["a text in req.body", "application/json", [leave("body", String)]],
    ["a Buffer in req.rawBody", "application/json", [leave("rawBody", (bytes) => bytes)]],
  ];
  it.each(parsers)("the handler works behind %s (%s)", async (_name, type, before) => {
    const { receiver, controls } = createSubject({});
    const payload = succeededPayload();
    const answer = await mount(receiver, ...before)
      .post(PATH)
      .set("content-type", type)
      .send(JSON.stringify(payload));
    equal([answer.status, answer.body], [200, received], "answer");
    const { records } = await controls.report();
    equal(JSON.parse(records[0]?.payload ?? ""), payload, "payload of the row");
  });

  const kept: readonly (readonly [string, number, RequestHandler[]])[] = [
    ["no parser", 200, []],
    ["json(), which leaves no bytes", 401, [framework.json()]],
    ["urlencoded(), which skips JSON", 200, [framework.urlencoded({ extended: true })]],
    ["raw()", 200, [framework.raw({ type: "*/*" })]],
    ["text()", 200, [framework.text({ type: "*/*" })]],
    ["json() that keeps the bytes by `verify`", 200, [framework.json({ verify: keepRawBody })]],
    ["a Buffer in req.rawBody", 200, [leave("rawBody", (bytes) => bytes)]],
  ];
  it.each(kept)("a signed body behind %s is answered %i", async (_name, status, before) => {
    const { receiver, controls } = createSubject({ auth: "signature" });
    const text = ` ${JSON.stringify(succeededPayload())}\n`;
    const answer = await mount(receiver, ...before)
      .post(PATH)
      .set({ "content-type": "application/json", ...(await sign(text)) })
      .serialize((body: unknown) => body as string)
      .send(text);
    equal(answer.status, status, "status");
    const { refusals } = await controls.report();
    equal(refusals, status === 200 ? [] : ["raw_body_needed"], "reasons");
  });

  it("the handler reads req.rawBody first, then req.body, then the stream", async () => {
    const { receiver, controls } = createSubject({});
    const raw = JSON.stringify(succeededPayload({ job_id: "raw" }));
    const both: RequestHandler = (request, _response, next) => {
      Object.assign(request, {
        rawBody: Buffer.from(raw),
        body: { job_id: "body", status: "failed" },
      });
      next();
    };
    const answer = await mount(receiver, both).post(PATH).send(succeededPayload());
    equal(answer.status, 200, "status");
    equal(
      (await controls.report()).records.map(({ jobId }) => jobId),
      ["raw"],
      "jobs",
    );
  });

  it("the limit counts the bytes of a parsed body too", async () => {
    const { receiver } = createSubject({ limits: { maxBodyBytes: 300 } });
    const payload = succeededPayload({ padding: "x".repeat(300) });
    const answer = await mount(receiver, framework.json()).post(PATH).send(payload);
    equal([answer.status, answer.body.error.code], [413, "body_too_large"], "answer");
  });

  it("a stream that was drained without leaving a body is answered 400 at once", async () => {
    const { receiver, controls } = createSubject({});
    const answer = await mount(
      receiver,
      leave("body", () => undefined),
    )
      .post(PATH)
      .send(succeededPayload());
    equal([answer.status, answer.body.error.code], [400, "body_consumed"], "answer");
    equal((await controls.report()).records, [], "rows");
  });

  it.each([true, false])(
    "the answer says that a form parser took the body apart (extended: %s)",
    async (extended) => {
      const messages: (string | undefined)[] = [];
      const receiver = createReceiver({
        auth: "none",
        onEvent: (event) =>
          event.type === "refused" && messages.push(event.error?.message.split(".")[0]),
      });
      const parser = framework.urlencoded({ extended, type: "*/*" });
      for (const space of ["", "\n "]) {
        const answer = await mount(receiver, parser)
          .post(PATH)
          .type("form")
          .send(space + JSON.stringify(succeededPayload()));
        equal([answer.status, answer.body.error.code], [400, "body_consumed"], "answer");
      }
      const form = await mount(receiver, parser).post(PATH).type("form").send("job_id=");
      equal([form.status, form.body.error.code], [400, "malformed"], "answer to a form");
      const taken = "Expected the body as JSON, but a form parser such as `express";
      equal(messages.slice(0, 2), [taken, taken], "messages");
    },
  );

  it("an empty body that a parser has read is answered 400", async () => {
    const { receiver } = createSubject({});
    const answer = await mount(receiver, framework.json()).post(PATH).type("json").send("{}");
    equal([answer.status, answer.body.error.code], [400, "malformed"], "answer");
  });

  it("a compressed body is refused, and accepted when a parser has inflated it", async () => {
    const { gzipSync } = await import("node:zlib");
    const { receiver } = createSubject({});
    const zipped = gzipSync(JSON.stringify(succeededPayload()));
    const post = (before: RequestHandler[]) =>
      mount(receiver, ...before)
        .post(PATH)
        .set({ "content-type": "application/json", "content-encoding": "gzip" })
        // supertest would send a Buffer as JSON.
        .serialize((body: unknown) => body as string)
        .send(zipped);
    equal((await post([])).status, 415, "status without a parser");
    equal((await post([framework.json()])).status, 200, "status behind json()");
  });

  it("the handler works under app.use and in a Router, and auth gets the original URL", async () => {
    const urls: string[] = [];
    const admit = ({ url }: { url: string }) => {
      urls.push(url);
      return {};
    };
    const handler = abstraktWebhook({ auth: { admit }, onEvent: () => undefined });
    const app = framework()
      .use("/api/used", handler)
      .use("/api", framework.Router().post("/routed", handler));
    const paths = ["/api/used/below?k=1", "/api/routed?k=2"];
    for (const path of paths) {
      const answer = await supertest(app).post(path).send(succeededPayload());
      equal([answer.status, answer.body], [200, received], `answer under ${path}`);
    }
    equal(urls, paths, "URLs");
  });

  it("an answer that another middleware has sent is not changed", async () => {
    const { receiver, controls } = createSubject({});
    const tooSoon: RequestHandler = (_request, response, next) => {
      response.status(202).json({ by: "somebody else" });
      next();
    };
    const rightAfter: RequestHandler = (_request, response, next) => {
      next();
      response.status(202).json({ by: "somebody else" });
    };
    for (const [index, other] of [tooSoon, rightAfter].entries()) {
      const answer = await mount(receiver, other).post(PATH).send(succeededPayload());
      equal([answer.status, answer.body], [202, { by: "somebody else" }], "answer");
      await expect.poll(async () => (await controls.report()).calls.length).toBe(index + 1);
    }
  });

  it("the handler notices at once that another middleware destroys the request", async () => {
    const { receiver, controls } = createSubject({});
    const destroys: RequestHandler = (request, _response, next) => {
      next();
      request.destroy();
    };
    const request = mount(receiver, destroys).post(PATH);
    request.on("error", () => undefined).write("{");
    await expect.poll(async () => (await controls.report()).refusals).toEqual(["body_aborted"]);
    request.abort();
  });

  it("the handler has its receiver as a property, also when the receiver was made from options", async () => {
    const handler = abstraktWebhook({ auth: "none", onEvent: () => undefined });
    await supertest(framework().post(PATH, handler)).post(PATH).send(succeededPayload());
    await handler.receiver.idle();
    equal((await handler.receiver.list()).records[0]?.state, "done", "state");
  });
});
