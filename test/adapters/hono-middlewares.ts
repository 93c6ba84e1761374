import { once } from "node:events";
import { request as httpRequest, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { abstraktWebhook } from "@abstrakt-webhooks/hono";
import {
  createSubject,
  equal,
  succeededPayload,
  type AdapterSetup,
  type SubjectReport,
  type TestApi,
} from "@abstrakt-webhooks/testing";
import { Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { compress } from "hono/compress";
import { csrf } from "hono/csrf";
import { timeout } from "hono/timeout";
import { watchUncaught } from "./uncaught-errors.ts";

const PATH = "/api/abstrakt-webhook";
const MAX_BODY_BYTES = 1_000;
const WRAPPED_BYTES = 10_000;

/** Middlewares before a handler. Those that put another request in place send `{"data": ...}`. */
const middlewares: Readonly<Record<string, MiddlewareHandler>> = {
  "no middleware": (_c, next) => next(),
  bodyLimit: bodyLimit({ maxSize: WRAPPED_BYTES }),
  csrf: csrf(),
  timeout: timeout(20_000),
  compress: compress({ threshold: 1 }),
  "a middleware that parses": async (c, next) => (await c.req.json(), next()),
  "a middleware that reads a text": async (c, next) => (await c.req.text(), next()),
  "a middleware that reads bytes and does not wait": async (c, next) => (
    void c.req.arrayBuffer(),
    next()
  ),
  "a middleware that reads a clone": async (c, next) => (await c.req.raw.clone().text(), next()),
  "a middleware that reads a clone at the same time": async (c, next) => (
    void c.req.raw.clone().text(),
    next()
  ),
  "a middleware that reads c.req.raw.body": async (c, next) => (void c.req.raw.body, next()),
  "a middleware that reads c.req.raw.signal": async (c, next) => (void c.req.raw.signal, next()),
  "a middleware that reads afterwards": async (c, next) => {
    await next();
    // Nothing is kept of a refused body.
    const { length } = await c.req.text().catch(() => "");
    c.res.headers.set("x-length", String(length));
  },
  "a middleware that sets a header": async (c, next) => {
    c.header("x-request-id", "7");
    await next();
  },
  "a middleware that has awaited something": async (_c, next) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    await next();
  },
  "a middleware that puts another request in its place": async (c, next) => {
    const { data } = (await c.req.raw.json()) as { data: object };
    const { url, method } = c.req.raw;
    c.req.raw = new Request(url, { method, body: JSON.stringify(data) });
    await next();
  },
  "a middleware that puts another request in place of Hono's own": async (c, next) => {
    const { data } = await c.req.json<{ data: object }>();
    c.req.raw = new Request(c.req.raw, { body: JSON.stringify(data) });
    await next();
  },
};

type Serve = (fetch: Hono["fetch"]) => Server;

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Limits of one server. */
interface HonoServer {
  /** The server starts to read too late for a chunk that another listener has received. */
  readonly listensLate?: boolean;
}

/** The ways to send a body. */
const LENGTHS = { "with Content-Length": true, "without Content-Length": false };

/** Hono on one server, behind every middleware. */
export function registerHonoMiddlewares(api: TestApi, serve: Serve, o: HonoServer = {}): void {
  const { describe, it } = api;
  for (const [name, middleware] of Object.entries(middlewares)) {
    const wrap = (payload: object) =>
      name.includes("in place") || name.includes("in its place") ? { data: payload } : payload;
    describe(`behind ${name}`, () => {
      for (const [how, hasLength] of Object.entries(LENGTHS)) {
        it(`a result, its duplicate, a body that is too large and another result have their answers, ${how}`, () =>
          serving(
            serve,
            [middleware],
            { limits: { maxBodyBytes: MAX_BODY_BYTES } },
            async (post, report) => {
              const payload = succeededPayload();
              const first = await post(wrap(payload), hasLength);
              equal([first.status, JSON.parse(first.body)], [200, { received: true }], "the first");
              if (name.includes("afterwards")) {
                equal(
                  first.headers["x-length"],
                  String(JSON.stringify(payload).length),
                  "its length",
                );
              }
              if (name.includes("header")) equal(first.headers["x-request-id"], "7", "its header");
              const again = await post(wrap(payload), hasLength);
              equal(
                [again.status, JSON.parse(again.body)],
                [200, { received: true, duplicate: true }],
                "the second",
              );
              const padding = "x".repeat(MAX_BODY_BYTES);
              const large = await post(wrap(succeededPayload({ padding })), hasLength);
              equal(
                [large.status, large.body.includes("body_too_large")],
                [413, true],
                "a large one",
              );
              const last = await post(wrap(succeededPayload()), hasLength);
              equal(last.status, 200, "the status of the last");
              const { records, refusals } = await report();
              equal([records.length, refusals], [2, ["body_too_large"]], "rows and refusals");
            },
          ));
        it(`a request without a token is answered 401, ${how}`, () =>
          serving(serve, [middleware], { auth: "token" }, async (post, report) => {
            const answer = await post(wrap(succeededPayload()), hasLength);
            equal([answer.status, answer.body.includes("unauthorized")], [401, true], "the answer");
            equal((await report()).refusals, ["unauthorized"], "refusals");
          }));
      }
    });
  }

  it("a bodyLimit that refuses answers for itself, and the receiver gets nothing", () =>
    serving(serve, [bodyLimit({ maxSize: 10 })], {}, async (post, report) => {
      for (const hasLength of Object.values(LENGTHS)) {
        const answer = await post(succeededPayload(), hasLength);
        equal([answer.status, answer.body], [413, "Payload Too Large"], "the answer");
      }
      const { records, refusals } = await report();
      equal({ records, refusals }, { records: [], refusals: [] }, "what reached the receiver");
    }));

  it("an empty POST is 400", () =>
    serving(serve, [], {}, async (post) => {
      for (const hasLength of Object.values(LENGTHS))
        equal((await post(undefined, hasLength)).status, 400, "status");
    }));

  const all = "gets the whole body, and so does the receiver";
  for (const [name, listen] of Object.entries(listeners)) {
    const both = `${name} ${all}`;
    if (o.listensLate && name === LISTENER) {
      api.skip?.(`${both} (skipped: this server starts to read too late)`, () => {});
      continue;
    }
    it(both, () => {
      let heard: string | undefined;
      const listener: MiddlewareHandler = async (c, next) => {
        const { incoming } = (c.env ?? {}) as { incoming?: IncomingMessage };
        if (incoming !== undefined) {
          heard = "";
          listen(incoming, (chunk) => (heard += chunk.toString()));
        }
        await next();
      };
      return serving(serve, [listener], {}, async (post) => {
        for (const hasLength of Object.values(LENGTHS)) {
          const payload = succeededPayload();
          equal((await post(payload, hasLength)).status, 200, "status");
          // Before 1.3 the server passes no `incoming`, so the test has nothing to listen to.
          if (heard !== undefined) equal(heard, JSON.stringify(payload), "what was heard");
        }
      });
    });
  }
}

const LISTENER = "another listener of Node's stream";

/** Ways in which other code sees the body while it arrives. */
const listeners: Readonly<
  Record<string, (incoming: IncomingMessage, hear: (chunk: Buffer) => void) => void>
> = {
  [LISTENER]: (incoming, hear) => void incoming.on("data", hear),
  // As monitoring tools do it, so that their own listener does not start the stream.
  "a tool that wraps the `on` of Node's stream": (incoming, hear) => {
    const { on } = incoming;
    incoming.on = ((...[event, listener]: Parameters<typeof on>) => {
      if (event === "data") on.call(incoming, event, hear);
      return on.call(incoming, event, listener);
    }) as typeof on;
  },
};

async function serving(
  serve: Serve,
  before: readonly MiddlewareHandler[],
  setup: AdapterSetup,
  use: (
    post: (body: object | undefined, hasLength: boolean) => Promise<Answer>,
    report: () => Promise<SubjectReport>,
  ) => Promise<void>,
): Promise<void> {
  const { receiver, controls } = createSubject(setup);
  const app = new Hono();
  for (const middleware of before) app.use(middleware);
  const uncaught = watchUncaught();
  const server = serve(app.post(PATH, abstraktWebhook(receiver)).fetch);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`;
  try {
    await use((body, hasLength) => postJson(url, body, hasLength), controls.report);
    equal(uncaught.seen(), [], "errors that nobody caught");
  } finally {
    uncaught.close();
    await controls.drain();
    server.closeAllConnections();
    server.close();
  }
}

/** Sends with Node's client, because some of these servers replace the global `Request`. */
function postJson(url: string, body: object | undefined, hasLength: boolean): Promise<Answer> {
  const bytes = Buffer.from(body === undefined ? "" : JSON.stringify(body));
  const headers = {
    "content-type": "application/json",
    ...(hasLength ? { "content-length": bytes.length } : { "transfer-encoding": "chunked" }),
  };
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: "POST", headers }, (response) => {
      const { statusCode: status = 0, headers: answered } = response;
      text(response).then((answer) => resolve({ status, body: answer, headers: answered }), reject);
    });
    request.on("error", reject);
    request.setTimeout(10_000, () => request.destroy(new Error("no answer within 10 s")));
    for (const piece of [bytes.subarray(0, 20), bytes.subarray(20)]) {
      if (piece.length > 0) request.write(piece);
    }
    request.end();
  });
}
